using CallTracker.Contracts.Routes;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>A trunk as the API shows it: all that is kept but the secret.</summary>
public sealed record TrunkAnswer
{
    /// <summary>Grows with every change; also in the ETag.</summary>
    public ulong Version { get; init; }
    public required string TrunkId { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>1 to 200 characters.</summary>
    public required string Name { get; init; }
    /// <summary>
    /// host, host:port or [v6]:port; without a port a name is looked up by NAPTR and SRV (RFC 3263), else 5060, or 5061
    /// over TLS. May be absent when the trunk registers with us.
    /// </summary>
    public string Address { get; init; } = "";
    /// <summary>Leading digits of destinations sent here, in any written form; the empty text matches all.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];
    /// <summary>Sources whose calls are accepted: address, address:port, address/prefix-length or a host.</summary>
    public IReadOnlyList<string> InboundFrom { get; init; } = [];
    /// <summary>0 to 10000; among equal prefixes the lower is tried first.</summary>
    public int Priority { get; init; } = 100;
    /// <summary>1 to 10000: the share of calls among trunks of equal prefix and priority.</summary>
    public int Weight { get; init; } = 100;
    /// <summary>udp, tcp or tls.</summary>
    public string Transport { get; init; } = "udp";
    /// <summary>The user of digest authentication, in both directions.</summary>
    public string? Username { get; init; }
    /// <summary>True when a secret is kept; it is never shown.</summary>
    public bool HasSecret { get; init; }
    /// <summary>The realm to challenge with and to answer; any when absent.</summary>
    public string? Realm { get; init; }
    /// <summary>True when nodes register with this trunk; needs username and secret.</summary>
    public bool Register { get; init; }
    /// <summary>60 to 86400.</summary>
    public int RegisterExpiresSec { get; init; } = 3600;
    /// <summary>True for a PBX or phone that registers with us; needs username and secret.</summary>
    public bool AcceptsRegistration { get; init; }
    /// <summary>True when its calls must authenticate; needs username and secret.</summary>
    public bool ChallengeInbound { get; init; }
    /// <summary>Encoding names that may be used, as pcmu, pcma, g722, opus; empty allows all.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = [];
    /// <summary>Calls up at a time per node, both directions together; 0 for no limit.</summary>
    public int ChannelsMax { get; init; }
    /// <summary>New calls per second per node, both directions together, at most 10000; 0 for no limit.</summary>
    public int CpsMax { get; init; }
    /// <summary>True when asserted identities are exchanged (RFC 3325).</summary>
    public bool Trusted { get; init; } = true;
    /// <summary>pai, ppi, rpid or none: the header that tells this trunk who calls.</summary>
    public string IdentityHeader { get; init; } = "pai";
    /// <summary>diversion, history_info, both or none: how this trunk is told of the forwarding.</summary>
    public string ForwardingHeader { get; init; } = "diversion";
    /// <summary>off, supported or required: reliable provisional responses (RFC 3262).</summary>
    public string ReliableProvisional { get; init; } = "off";
    /// <summary>The session interval asked for (RFC 4028), 90 to 86400; 0 for no session timer.</summary>
    public int SessionExpiresSec { get; init; } = 1800;
    /// <summary>The shortest session interval accepted, 90 to 86400.</summary>
    public int SessionMinSec { get; init; } = 90;
    /// <summary>refuse or execute: what becomes of a REFER from this trunk.</summary>
    public string Refer { get; init; } = "refuse";
    /// <summary>refuse or follow: what becomes of a 3xx from this trunk.</summary>
    public string Redirect { get; init; } = "refuse";
    /// <summary>
    /// True when its RTP comes from elsewhere than its SDP says and is to be sent to what the SDP says, as it stands.
    /// </summary>
    public bool MediaAsymmetric { get; init; }
    /// <summary>
    /// anchored or direct: whether media of its calls passes the node, or goes from peer to peer where the other trunk
    /// of a call is direct as well and nothing needs the packets.
    /// </summary>
    public string Media { get; init; } = "anchored";
    /// <summary>inherit, on or off: whether silent early media of its destinations is filled with a tone.</summary>
    public string Ringback { get; init; } = "inherit";
    /// <summary>
    /// Id of the prompt that whoever this trunk puts on hold hears while it sends nothing itself: a file of the nodes'
    /// prompts folder, or tone-hold; empty for silence.
    /// </summary>
    public string HoldMusic { get; init; } = "";
    /// <summary>pass, rfc4733, info or inband: how its side sends and wants DTMF.</summary>
    public string Dtmf { get; init; } = "pass";
    /// <summary>off or on: whether its calls' audio may be converted between codecs.</summary>
    public string Transcode { get; init; } = "off";
    /// <summary>Seconds between OPTIONS that ask whether it lives, at most 3600; 0 for never.</summary>
    public int ProbeSec { get; init; } = 30;
    /// <summary>off, verify, sign or both: caller identity by RFC 8224.</summary>
    public string Stir { get; init; } = "off";
    /// <summary>Calls from it whose caller fails verification are refused.</summary>
    public bool StirRefuse { get; init; }
    /// <summary>off, optional, required or dtls: SRTP, by keys in SDP (RFC 4568) or a handshake (RFC 5763).</summary>
    public string Srtp { get; init; } = "off";
    /// <summary>Keys may also travel in signalling that is not TLS, where whoever reads it can listen.</summary>
    public bool SrtpWithoutTls { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>The answer for a stored trunk.</summary>
    public static TrunkAnswer Of(TrunkRecord trunk) => new()
    {
        Version = trunk.Version,
        TrunkId = trunk.TrunkId,
        OperatorId = trunk.OperatorId,
        HasSecret = trunk.SecretSealed.Length > 0,
        Username = trunk.Username.Length > 0 ? trunk.Username : null,
        Realm = trunk.Realm.Length > 0 ? trunk.Realm : null,
        Name = trunk.Name,
        Address = trunk.Address,
        Prefixes = trunk.Prefixes,
        InboundFrom = trunk.InboundFrom,
        Priority = trunk.Priority,
        Weight = trunk.Weight,
        Transport = trunk.Transport,
        Register = trunk.Register,
        RegisterExpiresSec = trunk.RegisterExpiresSec,
        AcceptsRegistration = trunk.AcceptsRegistration,
        ChallengeInbound = trunk.ChallengeInbound,
        Codecs = trunk.Codecs,
        ChannelsMax = trunk.ChannelsMax,
        CpsMax = trunk.CpsMax,
        Trusted = trunk.Trusted,
        IdentityHeader = trunk.IdentityHeader,
        ForwardingHeader = trunk.ForwardingHeader,
        ReliableProvisional = trunk.ReliableProvisional,
        SessionExpiresSec = trunk.SessionExpiresSec,
        SessionMinSec = trunk.SessionMinSec,
        Refer = trunk.Refer,
        Redirect = trunk.Redirect,
        MediaAsymmetric = trunk.MediaAsymmetric,
        Media = trunk.Media,
        Ringback = trunk.Ringback,
        HoldMusic = trunk.HoldMusic,
        Dtmf = trunk.Dtmf,
        Transcode = trunk.Transcode,
        ProbeSec = trunk.ProbeSec,
        Stir = trunk.Stir,
        StirRefuse = trunk.StirRefuse,
        Srtp = trunk.Srtp,
        SrtpWithoutTls = trunk.SrtpWithoutTls,
        Enabled = trunk.Enabled,
    };
}
