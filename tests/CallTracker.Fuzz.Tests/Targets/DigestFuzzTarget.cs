using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>
/// Digest credentials against a regular expression and the rules of RFC 7616 in other words; a challenge that was
/// understood is written again and must read the same. One thread.
/// </summary>
internal sealed class DigestFuzzTarget : IFuzzTarget
{
    private const string Token = @"[A-Za-z0-9\-.!%*_+`'~]+";
    private const string Credentials =
        @"\A[ \t,]*" + Token + @"[ \t]+[ \t,]*(?:(?<name>" + Token + @")[ \t]*=[ \t]*" +
        "(?<value>\"(?:\\\\.|[^\"\\\\])*\"|[^ \\t,\"\\\\]+)[ \\t]*(?:,[ \\t,]*|\\z))*\\z";

    private const int FieldsMax = 24;
    private const int TextLengthMax = 512;
    private static readonly string[] Names =
        ["username", "realm", "nonce", "uri", "response", "cnonce", "nc", "algorithm", "qop"];

    private readonly byte[] _written = new byte[4_096];

    public string Name => "Digest";

    public IReadOnlyList<string> Pieces { get; } =
    [
        "Digest ", "digest\t", "Basic ", ",", ", ", "=", "\"", "\\\"", "\\", "username=\"a\"", "realm=\"r\"",
        "nonce=\"n\"", "uri=\"sip:b\"", "response=\"0123456789abcdef0123456789abcdef\"", "cnonce=\"c\"", "nc=00000001",
        "algorithm=MD5", "algorithm=SHA-256", "algorithm=MD5-sess", "algorithm=X", "qop=auth", "qop=\"auth,auth-int\"",
        "qop=auth-int", "stale=true", "opaque=\"o\"", "nc=0000000g", "nc=00000000", " ", "\t", "x=y", "domain=\"/\"",
    ];

    public bool Run(byte[] input)
    {
        if (input.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') >= 0) return false;
        CheckChallenge(input);
        return CheckCredentials(input);
    }

    private static bool CheckCredentials(byte[] input)
    {
        var isRead = DigestCredentialsView.TryParse(input, out var view);
        var fields = Read(Encoding.Latin1.GetString(input));
        if (isRead != fields is not null)
            throw new FuzzException($"Credentials read: {isRead}, by the reference: {fields is not null}");
        if (fields is null) return false;
        Require(Text(view.Username), fields["username"]);
        Require(Text(view.Realm), fields["realm"]);
        Require(Text(view.Nonce), fields["nonce"]);
        Require(Text(view.Uri), fields["uri"]);
        Require(Text(view.Response), fields["response"]);
        Require(Text(view.Cnonce), fields.GetValueOrDefault("cnonce", ""));
        Require(Text(view.NonceCountText), fields.GetValueOrDefault("nc", ""));
        return true;
    }

    // The fields, or null when the credentials must be refused.
    private static Dictionary<string, string>? Read(string text)
    {
        var match = Regex.Match(text, Credentials, RegexOptions.Singleline);
        if (!match.Success || !Regex.IsMatch(text, @"\A[ \t,]*(?i:digest)[ \t]")) return null;
        var (names, values) = (match.Groups["name"].Captures, match.Groups["value"].Captures);
        if (names.Count > FieldsMax) return null;
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            var value = values[i].Value;
            if (value[0] == '"') value = value[1..^1];
            if (value.Length > TextLengthMax) return null;
            var isKnown = Names.Contains(names[i].Value, StringComparer.OrdinalIgnoreCase);
            if (isKnown && !fields.TryAdd(names[i].Value, value)) return null;
        }
        return IsComplete(fields) ? fields : null;
    }

    private static bool IsComplete(Dictionary<string, string> fields)
    {
        if (!Names.Take(5).All(fields.ContainsKey)) return false;
        if (fields["username"].Length == 0 || fields["nonce"].Length == 0) return false;
        var algorithm = fields.GetValueOrDefault("algorithm", "").ToUpperInvariant();
        var digits = algorithm switch { "" or "MD5" or "MD5-SESS" => 32, "SHA-256" or "SHA-256-SESS" => 64, _ => -1 };
        if (fields["response"].Length != digits) return false;
        // Not by uint.TryParse, which takes digits with NULs behind them.
        var count = fields.GetValueOrDefault("nc", "00000001");
        if (!Regex.IsMatch(count, @"\A(?!0{8})[0-9A-Fa-f]{8}\z")) return false;
        var hasBoth = fields.GetValueOrDefault("cnonce", "").Length > 0 && fields.ContainsKey("nc");
        var isSession = algorithm.EndsWith("-SESS", StringComparison.Ordinal);
        if (!fields.TryGetValue("qop", out var qop)) return !isSession || hasBoth;
        return hasBoth && Regex.IsMatch(qop, @"\A(?i:auth|auth-int)\z");
    }

    private void CheckChallenge(byte[] input)
    {
        if (!DigestChallengeView.TryParse(input, out var view)) return;
        var writer = new SipWriter(_written);
        DigestHeader.WriteChallenge(
            ref writer, SipHeaderKind.WwwAuthenticate, view.Algorithm, view.Realm, view.Nonce, view.IsStale);
        if (writer.Overflowed) throw new FuzzException("A challenge that was read cannot be written");
        var line = writer.Written;
        var value = line[(line.IndexOf((byte)':') + 1)..^2];
        var isSame = DigestChallengeView.TryParse(value, out var again) && again.Realm.SequenceEqual(view.Realm)
            && again.Nonce.SequenceEqual(view.Nonce) && again.Algorithm == view.Algorithm
            && again.IsStale == view.IsStale;
        if (!isSame) throw new FuzzException($"The challenge is written as {Text(line)}");
    }

    private static void Require(string actual, string expected)
    {
        if (actual != expected) throw new FuzzException($"Read '{actual}', by the reference '{expected}'");
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
