using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Where a message came from or goes to: the socket or connection of ours, and the peer. A plain value.
/// </summary>
/// <param name="Kind">UDP retransmits, TCP and TLS do not.</param>
/// <param name="Socket">The transport's number of the listening socket.</param>
/// <param name="Connection">The transport's number of the connection; 0 for UDP.</param>
/// <param name="Remote">The peer.</param>
public readonly record struct SipFlow(SipTransportKind Kind, ushort Socket, uint Connection, IpEndpoint Remote)
{
    /// <summary>True where the transport itself delivers or fails.</summary>
    public bool IsReliable => Kind is SipTransportKind.Tcp or SipTransportKind.Tls;
}
