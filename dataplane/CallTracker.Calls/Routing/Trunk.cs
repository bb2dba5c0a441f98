using CallTracker.Calls.Model;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Routing;

/// <summary>A carrier or shop connection as workers see it. Immutable, made by the backends.</summary>
public sealed class Trunk
{
    public required string Id { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>Where its calls are sent.</summary>
    public required IpEndpoint Address { get; init; }
    /// <summary>Leading digits of the destinations it takes; an empty number matches all.</summary>
    public required PhoneNumber[] Prefixes { get; init; }
    public required InboundSource[] InboundFrom { get; init; }
    /// <summary>Among equal prefixes the lower number is used first.</summary>
    public int Priority { get; init; }
    /// <summary>How its calls are sent.</summary>
    public SipTransportKind Transport { get; init; }
    /// <summary>
    /// The host as configured, name or address, which the certificate of a TLS trunk must be for (RFC 5922 section 7).
    /// </summary>
    public string ServerName { get; init; } = "";
    /// <summary>True when asserted identities are exchanged with it (RFC 3325).</summary>
    public bool Trusted { get; init; } = true;
}
