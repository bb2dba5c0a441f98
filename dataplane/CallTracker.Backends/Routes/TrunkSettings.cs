using System.Text;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Dtmf;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Routes;

/// <summary>
/// The settings of a stored trunk that are words or secrets, read into what workers use. Lives while a trunk is mapped.
/// </summary>
internal sealed class TrunkSettings
{
    public SipTransportKind Transport { get; private init; }
    public TrunkCredentials? Credentials { get; private init; }
    public IdentityHeader IdentityHeader { get; private init; }
    public ForwardingHeader ForwardingHeader { get; private init; }
    public ReliableProvisional ReliableProvisional { get; private init; }
    public ReferPolicy Refer { get; private init; }
    public RedirectPolicy Redirect { get; private init; }
    public bool IsMediaDirect { get; private init; }
    public TrunkRingback Ringback { get; private init; }
    public DtmfWay Dtmf { get; private init; }
    public bool Transcode { get; private init; }
    public StirMode Stir { get; private init; }
    public SrtpPolicy Srtp { get; private init; }

    /// <summary>
    /// False when a word is unknown or the secret cannot be opened: a trunk is not used with other settings than it
    /// has, above all not without its authentication.
    /// </summary>
    public static bool TryRead(TrunkRecord record, TrunkSecretCipher? cipher, out TrunkSettings settings)
    {
        var isGood = true;
        settings = new TrunkSettings
        {
            Transport = One(record.Transport, ref isGood, ("udp", SipTransportKind.Udp),
                ("tcp", SipTransportKind.Tcp), ("tls", SipTransportKind.Tls)),
            Credentials = ReadCredentials(record, cipher, ref isGood),
            IdentityHeader = One(record.IdentityHeader, ref isGood, ("pai", IdentityHeader.Asserted),
                ("ppi", IdentityHeader.Preferred), ("rpid", IdentityHeader.RemoteParty), ("none", IdentityHeader.None)),
            ForwardingHeader = One(record.ForwardingHeader, ref isGood, ("diversion", ForwardingHeader.Diversion),
                ("history_info", ForwardingHeader.HistoryInfo), ("both", ForwardingHeader.Both),
                ("none", ForwardingHeader.None)),
            ReliableProvisional = One(record.ReliableProvisional, ref isGood, ("off", ReliableProvisional.Off),
                ("supported", ReliableProvisional.Supported), ("required", ReliableProvisional.Required)),
            Refer = One(record.Refer, ref isGood, ("refuse", ReferPolicy.Refuse), ("execute", ReferPolicy.Execute)),
            Redirect = One(record.Redirect, ref isGood, ("refuse", RedirectPolicy.Refuse),
                ("follow", RedirectPolicy.Follow)),
            IsMediaDirect = One(record.Media, ref isGood, ("anchored", false), ("direct", true)),
            Ringback = One(record.Ringback, ref isGood, ("inherit", TrunkRingback.Inherit),
                ("on", TrunkRingback.On), ("off", TrunkRingback.Off)),
            Dtmf = One(record.Dtmf, ref isGood, ("pass", DtmfWay.Pass), ("rfc4733", DtmfWay.Rfc4733),
                ("info", DtmfWay.Info), ("inband", DtmfWay.InBand)),
            Transcode = One(record.Transcode, ref isGood, ("off", false), ("on", true)),
            Stir = One(record.Stir, ref isGood, ("off", StirMode.Off), ("verify", StirMode.Verify),
                ("sign", StirMode.Sign), ("both", StirMode.Both)),
            Srtp = One(record.Srtp, ref isGood, ("off", SrtpPolicy.Off), ("optional", SrtpPolicy.Optional),
                ("required", SrtpPolicy.Required), ("dtls", SrtpPolicy.Dtls)),
        };
        return isGood;
    }

    private static TrunkCredentials? ReadCredentials(TrunkRecord record, TrunkSecretCipher? cipher, ref bool isGood)
    {
        if (record.SecretSealed.Length == 0) return null;
        if (cipher?.Open(record.OperatorId, record.TrunkId, record.SecretSealed) is { } secret)
        {
            return new TrunkCredentials
            {
                Username = Encoding.UTF8.GetBytes(record.Username ?? ""),
                Secret = secret,
                Realm = Encoding.UTF8.GetBytes(record.Realm ?? ""),
            };
        }
        isGood = false;
        return null;
    }

    private static T One<T>(string word, ref bool isGood, params ReadOnlySpan<(string Word, T Value)> known)
    {
        foreach (var (name, value) in known)
        {
            if (name == word) return value;
        }
        isGood = false;
        return known[0].Value;
    }
}
