using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// The header of one entry in a <see cref="TraceRing"/>; its payload stands right behind it. Plain data, copied whole.
/// </summary>
public struct TraceEntry
{
    /// <summary>Unix time in microseconds (UTC); the worker's clock gives whole milliseconds.</summary>
    public long UnixUs;
    /// <summary>Keyed hash of the Call-ID; 0 when the message has none that can be read.</summary>
    public ulong Dialog;
    public IpEndpoint Local;
    public IpEndpoint Remote;
    /// <summary>Bytes of the payload.</summary>
    public int Length;
    public TraceEntryKind Kind;
    public TraceDirection Direction;
    public SipTransportKind Transport;
    /// <summary>For <see cref="TraceEntryKind.Dialog"/>: 0 for the inbound leg, n for the n-th attempt.</summary>
    public byte Attempt;
}
