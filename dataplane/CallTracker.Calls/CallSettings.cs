using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls;

/// <summary>What an operator of the node can set about calls. Immutable; units are in the names.</summary>
public sealed record CallSettings
{
    /// <summary>The address and port put into Via and Contact.</summary>
    public required IpEndpoint SipAddress { get; init; }
    /// <summary>The address put into SDP.</summary>
    public required IpEndpoint MediaAddress { get; init; }
    /// <summary>The same of the other IP version; unspecified where the node has only one.</summary>
    public IpEndpoint SecondSipAddress { get; init; }
    /// <summary>The same of the other IP version.</summary>
    public IpEndpoint SecondMediaAddress { get; init; }
    /// <summary>The port put into Via and Contact of what goes over TLS.</summary>
    public ushort SipTlsPort { get; init; } = 5061;
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
    /// <summary>Trunks and addresses of trunks tried for one destination.</summary>
    public int TrunkTriesMax { get; init; } = 4;
    /// <summary>How long after a destination's first INVITE another trunk may still be tried.</summary>
    public int FailoverMsMax { get; init; } = 12_000;
    /// <summary>The longest call; ended with BYE to both sides.</summary>
    public long CallDurationMsMax { get; init; } = 12 * 3_600_000L;
    /// <summary>
    /// The longest session interval (RFC 4028) on any trunk, in seconds; the shortest accepted one is lowered to it.
    /// Below 90 only to see refreshes in a test.
    /// </summary>
    public int SessionSecMax { get; init; } = 86_400;
    /// <summary>True sends the trn_id to trusted trunks in <c>X-CallTracker-Id</c>.</summary>
    public bool ShowsCorrelationId { get; init; }
    /// <summary>
    /// The wait of messages that is aimed at under overload: above it new calls are refused with 503; 0 refuses none.
    /// </summary>
    public int OverloadTargetMs { get; init; } = 50;
    /// <summary>
    /// Forwardings a call may have behind it, as Diversion or History-Info count them; more is a loop.
    /// </summary>
    public int ForwardingsMax { get; init; } = 5;
    /// <summary>Seconds in Retry-After of a 503.</summary>
    public int RetryAfterSec { get; init; } = 5;

    /// <summary>What Via and Contact say to this peer: our address of its IP version, our port of its transport.
    /// </summary>
    public IpEndpoint SipAddressOf(in SipFlow flow)
    {
        var address = Pick(SipAddress, SecondSipAddress, flow.Remote.IsIpv4);
        return flow.Kind == SipTransportKind.Tls ? address.WithPort(SipTlsPort) : address;
    }

    /// <summary>What SDP says where the media has this IP version; the port is 0.</summary>
    public IpEndpoint MediaAddressOf(bool isIpv4) => Pick(MediaAddress, SecondMediaAddress, isIpv4);

    /// <summary>True when media of this IP version can be had.</summary>
    public bool HasIpVersion(bool isIpv4) => MediaAddressOf(isIpv4).IsIpv4 == isIpv4;

    private static IpEndpoint Pick(in IpEndpoint first, in IpEndpoint second, bool isIpv4) =>
        first.IsIpv4 == isIpv4 || second.IsUnspecified ? first : second;
}
