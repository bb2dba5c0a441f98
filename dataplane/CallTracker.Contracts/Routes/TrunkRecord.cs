namespace CallTracker.Contracts.Routes;

/// <summary>
/// A carrier or shop connection. Kept by the control plane as JSON in the hash <see cref="Redis.RedisKeys.Trunks"/>
/// (field: trunk id); every node holds all of them.
/// </summary>
public sealed record TrunkRecord
{
    public int V { get; set; } = 1;
    public ulong Version { get; set; }
    public required string TrunkId { get; init; }
    public required string OperatorId { get; init; }
    public required string Name { get; init; }
    /// <summary>
    /// Where calls to this trunk are sent: <c>host:port</c>, <c>[v6]:port</c>, or a host alone (its SRV records, else
    /// port 5060, or 5061 over TLS).
    /// </summary>
    public required string Address { get; init; }
    /// <summary>
    /// Normalised digits a destination must begin with; an empty string matches all. The longest match wins.
    /// </summary>
    public IReadOnlyList<string> Prefixes { get; set; } = [];
    /// <summary>
    /// Sources whose calls are accepted: <c>address</c>, <c>address:port</c>, <c>address/prefix-length</c>, or a host,
    /// which stands for its addresses.
    /// </summary>
    public IReadOnlyList<string> InboundFrom { get; set; } = [];
    /// <summary>Among equal prefixes the lower number is tried first.</summary>
    public int Priority { get; set; } = 100;
    /// <summary>1 to 10000: the share of calls among trunks of equal prefix and priority.</summary>
    public int Weight { get; set; } = 100;
    /// <summary>udp, tcp or tls: how calls are sent; of a name's NAPTR records only those for it count.</summary>
    public string Transport { get; set; } = "udp";
    /// <summary>The user of digest authentication, in both directions; empty for none.</summary>
    public string Username { get; set; } = "";
    /// <summary>The user's password as <see cref="TrunkSecretCipher"/> sealed it; empty for none.</summary>
    public string SecretSealed { get; set; } = "";
    /// <summary>The realm we challenge with, and the only one we answer; empty: any, and ours by default.</summary>
    public string Realm { get; set; } = "";
    /// <summary>True when the node registers with this trunk (RFC 3261 section 10).</summary>
    public bool Register { get; set; }
    public int RegisterExpiresSec { get; set; } = 3600;
    /// <summary>True for a PBX or phone that registers with us; its address may be empty then.</summary>
    public bool AcceptsRegistration { get; set; }
    /// <summary>True when its INVITEs must carry our digest (RFC 3261 section 22).</summary>
    public bool ChallengeInbound { get; set; }
    /// <summary>Encoding names in lower case that may be used; empty: all.</summary>
    public IReadOnlyList<string> Codecs { get; set; } = [];
    /// <summary>Calls up at a time per node, both directions together; 0: no limit.</summary>
    public int ChannelsMax { get; set; }
    /// <summary>New calls per second per node, both directions together; 0: no limit.</summary>
    public int CpsMax { get; set; }
    /// <summary>True when asserted identities are exchanged with this trunk (RFC 3325 trust domain).</summary>
    public bool Trusted { get; set; } = true;
    /// <summary>pai, ppi, rpid or none: the header that tells this trunk who calls.</summary>
    public string IdentityHeader { get; set; } = "pai";
    /// <summary>diversion, history_info, both or none: how this trunk is told of the forwarding.</summary>
    public string ForwardingHeader { get; set; } = "diversion";
    /// <summary>off, supported or required: 100rel with this trunk (RFC 3262).</summary>
    public string ReliableProvisional { get; set; } = "off";
    /// <summary>The session interval asked for (RFC 4028); 0: no session timer.</summary>
    public int SessionExpiresSec { get; set; } = 1800;
    /// <summary>The shortest session interval accepted (Min-SE, RFC 4028).</summary>
    public int SessionMinSec { get; set; } = 90;
    /// <summary>refuse or execute: what becomes of a REFER from this trunk.</summary>
    public string Refer { get; set; } = "refuse";
    /// <summary>refuse or follow: what becomes of a 3xx from this trunk.</summary>
    public string Redirect { get; set; } = "refuse";
    /// <summary>
    /// True when its RTP comes from elsewhere than its SDP says and is to be sent to what the SDP says, as it stands.
    /// </summary>
    public bool MediaAsymmetric { get; set; }
    /// <summary>anchored or direct: whether media of its calls passes the node.</summary>
    public string Media { get; set; } = "anchored";
    /// <summary>inherit, on or off: whether silent early media of its destinations is filled with a tone.</summary>
    public string Ringback { get; set; } = "inherit";
    /// <summary>
    /// Id of the prompt that whoever it puts on hold hears while it is silent itself; empty for none.
    /// </summary>
    public string HoldMusic { get; set; } = "";
    /// <summary>pass, rfc4733, info or inband: how its side sends and wants DTMF.</summary>
    public string Dtmf { get; set; } = "pass";
    /// <summary>off or on: whether its calls' audio may be converted where the two sides share no codec.</summary>
    public string Transcode { get; set; } = "off";
    /// <summary>Seconds between OPTIONS that ask whether it lives; 0: never asked.</summary>
    public int ProbeSec { get; set; } = 30;
    /// <summary>off, verify, sign or both: caller identity by RFC 8224.</summary>
    public string Stir { get; set; } = "off";
    /// <summary>True when its calls are refused whose caller fails verification.</summary>
    public bool StirRefuse { get; set; }
    /// <summary>off, optional, required or dtls: SRTP, by keys in SDP (RFC 4568) or a handshake (RFC 5763).</summary>
    public string Srtp { get; set; } = "off";
    /// <summary>True when keys may stand in signalling that is not TLS.</summary>
    public bool SrtpWithoutTls { get; set; }
    public bool Enabled { get; set; } = true;
}
