using CallTracker.Calls.Ringback;
using CallTracker.Core.Net;

namespace CallTracker.Calls;

/// <summary>What an operator of the node can set about calls. Immutable; units are in the names.</summary>
public sealed record CallSettings
{
    /// <summary>The address and port put into Via and Contact.</summary>
    public required IpEndpoint SipAddress { get; init; }
    /// <summary>The address put into SDP.</summary>
    public required IpEndpoint MediaAddress { get; init; }
    /// <summary>Calls one worker holds at a time; beyond, INVITEs get 503.</summary>
    public int CallsMax { get; init; } = 20_000;
    /// <summary>Bytes of stored requests and bodies one worker may hold.</summary>
    public long BufferBytesMax { get; init; } = 256L << 20;
    /// <summary>How long a call waits for its route before 503.</summary>
    public int RouteTimeoutMs { get; init; } = 2_000;
    /// <summary>
    /// How long a trunk may give no answer at all, not even 100, before the next destination is tried.
    /// </summary>
    public int TrunkAnswerTimeoutMs { get; init; } = 6_000;
    /// <summary>The longest call; ended with BYE to both sides.</summary>
    public long CallDurationMsMax { get; init; } = 12 * 3_600_000L;
    /// <summary>How long a call waits for the verification of its caller (RFC 8224); then it goes on without.</summary>
    public int StirTimeoutMs { get; init; } = 1_500;
    /// <summary>How long an INVITE waits for its signature before it goes without.</summary>
    public int StirSignTimeoutMs { get; init; } = 500;
    /// <summary>Whether callers with silent early media are played a ringback tone.</summary>
    public RingbackMode Ringback { get; init; }
    /// <summary>How long early media may be silent before the tone begins.</summary>
    public int RingbackAfterMs { get; init; } = 300;
    /// <summary>Seconds in Retry-After of a 503.</summary>
    public int RetryAfterSec { get; init; } = 5;
}
