using System.Buffers;
using System.Text.Json;
using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Reads and checks a trunk's document. Stateless.</summary>
internal static class TrunkValidation
{
    public const int ListMax = 1000;
    private const int WrittenLengthMax = 300;
    private const int CodecsMax = 32;
    private const int CodecLengthMax = 32;
    // What encoding names consist of (RFC 4566 section 9, token), as far as registered ones do.
    private static readonly SearchValues<char> CodecCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.+");

    /// <param name="root">The document.</param>
    /// <param name="fixedId">The id in the path, which the document may repeat but not change; null when
    /// creating.</param>
    /// <param name="keepsSecret">True when the secret already kept goes on being used.</param>
    public static Validated<TrunkBody> Read(JsonElement root, string? fixedId, bool keepsSecret)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var body = new TrunkBody
        {
            TrunkId = ReadId(fields, fixedId),
            Name = fields.Text("name", 200, isRequired: true)?.Trim() ?? "",
            Address = ReadAddress(fields),
            Prefixes = ReadPrefixes(fields),
            InboundFrom = ReadSources(fields),
            Priority = (int)fields.Integer("priority", 0, 10_000, 100),
            Weight = (int)fields.Integer("weight", 1, 10_000, 100),
            Transport = fields.Word("transport", "udp", "tcp", "tls"),
            Username = TrunkCredentialFields.Name(fields, "username"),
            Secret = TrunkCredentialFields.Secret(fields),
            Realm = TrunkCredentialFields.Name(fields, "realm"),
            Register = fields.Flag("register", fallback: false),
            RegisterExpiresSec = (int)fields.Integer("register_expires_sec", 60, 86_400, 3600),
            AcceptsRegistration = fields.Flag("accepts_registration", fallback: false),
            ChallengeInbound = fields.Flag("challenge_inbound", fallback: false),
            Codecs = ReadCodecs(fields),
            ChannelsMax = (int)fields.Integer("channels_max", 0, 100_000, 0),
            CpsMax = (int)fields.Integer("cps_max", 0, 10_000, 0),
            Trusted = fields.Flag("trusted", fallback: true),
            IdentityHeader = fields.Word("identity_header", "pai", "ppi", "rpid", "none"),
            ForwardingHeader = fields.Word("forwarding_header", "diversion", "history_info", "both", "none"),
            ReliableProvisional = fields.Word("reliable_provisional", "off", "supported", "required"),
            SessionExpiresSec = (int)fields.Integer("session_expires_sec", 0, 86_400, 1800),
            SessionMinSec = (int)fields.Integer("session_min_sec", 90, 86_400, 90),
            Refer = fields.Word("refer", "refuse", "execute"),
            Redirect = fields.Word("redirect", "refuse", "follow"),
            MediaAsymmetric = fields.Flag("media_asymmetric", fallback: false),
            Media = fields.Word("media", "anchored", "direct"),
            Ringback = fields.Word("ringback", "inherit", "on", "off"),
            HoldMusic = ReadHoldMusic(fields),
            Dtmf = fields.Word("dtmf", "pass", "rfc4733", "info", "inband"),
            Transcode = fields.Word("transcode", "off", "on"),
            ProbeSec = (int)fields.Integer("probe_sec", 0, 3600, 30),
            Stir = fields.Word("stir", "off", "verify", "sign", "both"),
            StirRefuse = fields.Flag("stir_refuse", fallback: false),
            Srtp = fields.Word("srtp", "off", "optional", "required", "dtls"),
            SrtpWithoutTls = fields.Flag("srtp_without_tls", fallback: false),
            Enabled = fields.Flag("enabled", fallback: true),
        };
        fields.Ignore("version", "operator_id", "v", "has_secret");
        fields.RefuseUnknown();
        CheckTogether(fields, body, keepsSecret || !string.IsNullOrEmpty(body.Secret));
        if (body.Media == "direct") CheckDirect(fields, body);
        return Validated<TrunkBody>.From(body, errors);
    }

    // What is right by itself and wrong together.
    private static void CheckTogether(JsonFields fields, TrunkBody body, bool hasSecret)
    {
        var isRefused = fields.Errors.Any(e => e.Pointer == "/address");
        if (body.Address.Length == 0 && !body.AcceptsRegistration && !isRefused)
            fields.Refuse("address", "Is required, unless the trunk registers with us.");
        if (body.Register && body.AcceptsRegistration)
            fields.Refuse("accepts_registration", "Cannot be combined with register: one side registers.");
        if (body.SessionExpiresSec != 0 && body.SessionExpiresSec < body.SessionMinSec)
            fields.Refuse("session_expires_sec", "Must be 0 or at least session_min_sec.");
        if (body.Srtp is not ("off" or "dtls") && body.Transport != "tls" && !body.SrtpWithoutTls)
        {
            fields.Refuse("srtp",
                "Its keys travel in the signalling: needs transport tls, or srtp_without_tls to do without.");
        }
        var needsDigest = body.Register || body.AcceptsRegistration || body.ChallengeInbound;
        if (hasSecret != body.Username is not null || (needsDigest && !hasSecret))
        {
            fields.Refuse(hasSecret ? "username" : "secret",
                "Username and secret go together; register, accepts_registration and challenge_inbound need them.");
        }
    }

    // What no call of the trunk could be direct with: a setting that does nothing is worse than one that is refused.
    private static void CheckDirect(JsonFields fields, TrunkBody body)
    {
        const string why = "Cannot be combined with media direct: no packet of such a call passes a node.";
        if (body.Transcode != "off") fields.Refuse("transcode", why);
        if (body.Srtp != "off") fields.Refuse("srtp", why);
        if (body.HoldMusic.Length > 0) fields.Refuse("hold_music", why);
        if (body.Ringback == "on") fields.Refuse("ringback", why);
        if (body.Refer == "execute") fields.Refuse("refer", why);
        if (body.AcceptsRegistration)
            fields.Refuse("accepts_registration", "Cannot be combined with media direct: a phone may be behind a NAT.");
        if (body.SessionExpiresSec == 0)
        {
            fields.Refuse("session_expires_sec",
                "Must not be 0 with media direct: a lost BYE is found by session refreshes alone.");
        }
    }

    private static string? ReadId(JsonFields fields, string? fixedId)
    {
        var id = fields.Text("trunk_id", Identifier.LengthMax);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("trunk_id", Identifier.Rule);
        else if (id is not null && fixedId is not null && id != fixedId) fields.Refuse("trunk_id",
            "Cannot be changed.");
        return id;
    }

    // Whether a node has the prompt is not known here: files are brought to each node by themselves.
    private static string ReadHoldMusic(JsonFields fields)
    {
        if (fields.Text("hold_music", Identifier.LengthMax) is not { Length: > 0 } id) return "";
        if (!Identifier.IsValid(id)) fields.Refuse("hold_music", Identifier.Rule);
        return id;
    }

    private static string ReadAddress(JsonFields fields)
    {
        if (fields.Text("address", WrittenLengthMax) is not { Length: > 0 } text) return "";
        if (TrunkAddress.Target(text) is { } address) return address;
        fields.Refuse("address", "Must be host:port, [v6]:port or a host.");
        return "";
    }

    // "+81 3" is the prefix 03, "+1" is 0101: a prefix is the beginning of a normalised number.
    private static List<string> ReadPrefixes(JsonFields fields)
    {
        var prefixes = new List<string>();
        foreach (var (text, pointer) in fields.Texts("prefixes", ListMax))
        {
            var prefix = text.Length == 0 ? "" : NumberingPlan.Normalise(text);
            if (prefix is null) fields.Errors.Add(new FieldError(pointer, "Must be the beginning of a number."));
            else if (!prefixes.Contains(prefix, StringComparer.Ordinal)) prefixes.Add(prefix);
        }
        return prefixes;
    }

    private static List<string> ReadSources(JsonFields fields)
    {
        var sources = new List<string>();
        foreach (var (text, pointer) in fields.Texts("inbound_from", ListMax))
        {
            var source = TrunkAddress.Source(text);
            if (source is null)
            {
                fields.Errors.Add(new FieldError(pointer,
                    "Must be address, address:port, a network as 192.0.2.0/24, or a host."));
            }
            else if (!sources.Contains(source, StringComparer.Ordinal)) sources.Add(source);
        }
        return sources;
    }

    private static List<string> ReadCodecs(JsonFields fields)
    {
        var codecs = new List<string>();
        foreach (var (text, pointer) in fields.Texts("codecs", CodecsMax))
        {
            var codec = text.ToLowerInvariant();
            if (codec.Length is 0 or > CodecLengthMax || codec.AsSpan().ContainsAnyExcept(CodecCharacters))
                fields.Errors.Add(new FieldError(pointer, "Must be an encoding name, as pcmu or opus."));
            else if (!codecs.Contains(codec, StringComparer.Ordinal)) codecs.Add(codec);
        }
        return codecs;
    }
}
