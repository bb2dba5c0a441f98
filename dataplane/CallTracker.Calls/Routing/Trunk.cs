using CallTracker.Calls.Model;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Routing;

/// <summary>A carrier or shop connection as workers see it. Immutable, made by the backends.</summary>
public sealed class Trunk
{
    private TrunkEndpoint[]? _endpoints;

    public required string Id { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>Where its calls are sent; of several addresses the first.</summary>
    public required IpEndpoint Address { get; init; }
    /// <summary>
    /// All addresses its calls can be sent to. Those of a name come from its records (RFC 3263); else there is the one
    /// address, or none for a trunk that has not registered yet.
    /// </summary>
    public TrunkEndpoint[] Endpoints
    {
        get => _endpoints ?? MakeEndpoints();
        init => _endpoints = value;
    }
    /// <summary>What stands behind the @ of the URIs sent to it when its address is a name; else empty.</summary>
    public byte[] UriHost { get; init; } = [];
    /// <summary>What it carries now.</summary>
    public TrunkLoad Load { get; init; } = new();
    /// <summary>True when at least one of its addresses answers, as far as is known.</summary>
    public bool IsUp
    {
        get
        {
            foreach (var endpoint in Endpoints)
            {
                if (!endpoint.Health.IsDown) return true;
            }
            return false;
        }
    }
    /// <summary>Leading digits of the destinations it takes; an empty number matches all.</summary>
    public required PhoneNumber[] Prefixes { get; init; }
    public required InboundSource[] InboundFrom { get; init; }
    /// <summary>Among equal prefixes the lower number is used first.</summary>
    public int Priority { get; init; }
    /// <summary>1 to 10000: its share of the calls among trunks of equal prefix and priority.</summary>
    public int Weight { get; init; } = 100;
    /// <summary>How its calls are sent.</summary>
    public SipTransportKind Transport { get; init; }
    /// <summary>The digest user of both directions; null when there is none.</summary>
    public TrunkCredentials? Credentials { get; init; }
    /// <summary>True when this node registers with it (RFC 3261 section 10).</summary>
    public bool Register { get; init; }
    public int RegisterExpiresSec { get; init; } = 3600;
    /// <summary>
    /// True for a PBX or phone that registers with us; <see cref="Address"/> may be the default value then.
    /// </summary>
    public bool AcceptsRegistration { get; init; }
    /// <summary>True when its INVITEs must carry our digest.</summary>
    public bool ChallengeInbound { get; init; }
    /// <summary>Encoding names in lower case that may be used; empty: all.</summary>
    public byte[][] Codecs { get; init; } = [];
    /// <summary>Calls up at a time on this node, both directions together; 0: no limit.</summary>
    public int ChannelsMax { get; init; }
    /// <summary>New calls per second on this node, both directions together; 0: no limit.</summary>
    public int CpsMax { get; init; }
    /// <summary>True when asserted identities are exchanged with it (RFC 3325).</summary>
    public bool Trusted { get; init; } = true;
    public IdentityHeader IdentityHeader { get; init; } = IdentityHeader.Asserted;
    public ForwardingHeader ForwardingHeader { get; init; } = ForwardingHeader.Diversion;
    public ReliableProvisional ReliableProvisional { get; init; }
    /// <summary>The session interval asked for (RFC 4028); 0: no session timer.</summary>
    public int SessionExpiresSec { get; init; } = 1800;
    /// <summary>The shortest session interval accepted (Min-SE).</summary>
    public int SessionMinSec { get; init; } = 90;
    public ReferPolicy Refer { get; init; }
    public RedirectPolicy Redirect { get; init; }
    /// <summary>
    /// True when its RTP comes from elsewhere than its SDP says, and is to be sent to what the SDP says.
    /// </summary>
    public bool MediaAsymmetric { get; init; }
    /// <summary>
    /// True when media of its calls goes past this node, where the other trunk says the same and nothing needs it.
    /// </summary>
    public bool IsMediaDirect { get; init; }
    /// <summary>Whether a caller waits in silence when this destination sends no early media.</summary>
    public TrunkRingback Ringback { get; init; }
    /// <summary>
    /// The prompt that whoever it puts on hold hears while it is silent itself; empty: none.
    /// </summary>
    public string HoldMusic { get; init; } = "";
    /// <summary>How its side sends and wants digits; converted where the other side's trunk has another way.</summary>
    public DtmfWay Dtmf { get; init; }
    /// <summary>Seconds between OPTIONS that ask whether it lives; 0: never asked.</summary>
    public int ProbeSec { get; init; } = 30;
    /// <summary>True when its calls' audio may be converted where the two sides share no codec.</summary>
    public bool Transcode { get; init; }
    /// <summary>Whether its media is encrypted.</summary>
    public SrtpPolicy Srtp { get; init; }
    /// <summary>True when keys may stand in signalling that is not TLS.</summary>
    public bool SrtpWithoutTls { get; init; }
    public StirMode Stir { get; init; }
    /// <summary>True when its calls are refused whose caller fails verification.</summary>
    public bool StirRefuse { get; init; }
    /// <summary>
    /// The host as configured, name or address, which the certificate of a TLS trunk must be for (RFC 5922 section 7).
    /// </summary>
    public string ServerName { get; init; } = "";

    /// <summary>True when calls from this source are the trunk's.</summary>
    public bool Admits(in IpEndpoint source)
    {
        foreach (var rule in InboundFrom)
        {
            if (rule.Matches(source)) return true;
        }
        return false;
    }

    /// <summary>True when one of its addresses is this one, whatever the port.</summary>
    public bool LivesAt(in IpEndpoint address)
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.Address.SameAddress(address)) return true;
        }
        return false;
    }

    // Workers may ask at the same time: all must see the same health.
    private TrunkEndpoint[] MakeEndpoints()
    {
        TrunkEndpoint[] made = Address == default ? [] : [new() { Address = Address, Transport = Transport }];
        return Interlocked.CompareExchange(ref _endpoints, made, null) ?? made;
    }
}
