namespace CallTracker.ControlPlane.Trunks;

/// <summary>What a client sends to create or replace a trunk.</summary>
public sealed record TrunkBody
{
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when absent. Cannot be changed.</summary>
    public string? TrunkId { get; init; }
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
    /// <summary>
    /// The user's password, at most 256 bytes; never shown again. Absent keeps the one in force, null removes it.
    /// </summary>
    public string? Secret { get; init; }
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
    /// <summary>
    /// pass, rfc4733, info or inband: how its side sends and wants DTMF. Digits are converted between two trunks that
    /// both have a way other than pass; pass touches nothing.
    /// </summary>
    public string Dtmf { get; init; } = "pass";
    /// <summary>
    /// off or on: whether audio of its calls, to it and from it, may be converted where the two sides share no codec.
    /// </summary>
    public string Transcode { get; init; } = "off";
    /// <summary>Seconds between OPTIONS that ask whether it lives, at most 3600; 0 for never.</summary>
    public int ProbeSec { get; init; } = 30;
    /// <summary>off, verify, sign or both: caller identity by RFC 8224.</summary>
    public string Stir { get; init; } = "off";
    /// <summary>
    /// Refuse calls from it whose caller fails verification (403, 437, 438); default false: they go through, marked.
    /// </summary>
    public bool StirRefuse { get; init; }
    /// <summary>
    /// off, optional, required or dtls. off refuses secure offers; optional takes either and offers what the other side
    /// of the call asked for, with keys in SDP (RFC 4568); required does nothing else; dtls offers and takes nothing
    /// but DTLS-SRTP (RFC 5763), as browsers do. Offers of DTLS-SRTP are taken by all but off.
    /// </summary>
    public string Srtp { get; init; } = "off";
    /// <summary>Keys may also travel in signalling that is not TLS, where whoever reads it can listen.</summary>
    public bool SrtpWithoutTls { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>The id alone: the generated text would show the secret.</summary>
    public override string ToString() => $"trunk {TrunkId}";
}
