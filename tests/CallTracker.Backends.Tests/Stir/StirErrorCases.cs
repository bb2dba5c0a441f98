using System.Security.Cryptography;
using CallTracker.TestKit.Stir;

namespace CallTracker.Backends.Tests.Stir;

/// <summary>The table of everything that can be wrong with an Identity, by name. Constant.</summary>
internal static class StirErrorCases
{
    private const string Other = "81300000000";
    private const string Header = """{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"URL"}""";

    public static IReadOnlyDictionary<string, StirErrorCase> All { get; } =
        new[] { FieldErrors(), ClaimErrors(), SignatureErrors(), ServerErrors(), CertificateErrors() }
            .SelectMany(part => part).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, StirErrorCase> FieldErrors() => new(StringComparer.Ordinal)
    {
        ["no field at all"] = new(428, _ => []),
        ["only kinds we do not support"] = new(428, w => [w.Signed("rph", StirAuthority.Plain("1", "2", w.Iat))]),
        ["no token"] = new(438, w => [$";info=<{w.Url}>;ppt=shaken"]),
        ["garbage"] = new(438, _ => ["hello"]),
        ["bytes above ASCII"] = new(438, w => [w.Shaken().Replace("info", "inf\u00ff", StringComparison.Ordinal)]),
        ["no info"] = new(438, w => [w.Shaken().Split(';')[0] + ";ppt=shaken"]),
        ["info without brackets"] = new(438, w => [w.Shaken().Replace("<", "", StringComparison.Ordinal)]),
        ["info twice"] = new(438, w => [w.Shaken() + $";info=<{w.Url}>"]),
        ["unclosed quote"] = new(438, w => [w.Shaken() + ";x=\"y"]),
        ["alg of another kind"] = new(437, w => [Replace(w.Shaken(), "alg=ES256", "alg=RS256")]),
        ["two parts"] = new(438, w => [w.Shaken().Replace(".", "", StringComparison.Ordinal)]),
        ["token not base64url"] = new(438, w => ["+" + w.Shaken()]),
        ["padding in the token"] = new(438, w => [Replace(w.Shaken(), ";info", "==;info")]),
        ["header no JSON"] = new(438, w => [Token(w, "{", Claims(w))]),
        ["header a list"] = new(438, w => [Token(w, "[]", Claims(w))]),
        ["typ of another kind"] = new(438, w => [Token(w, Replace(Header, "passport", "jwt"), Claims(w))]),
        ["alg none inside"] = new(438, w => [Token(w, Replace(Header, "ES256", "none"), Claims(w))]),
        ["x5u another than info"] =
            new(438, w => [Token(w, Replace(Header, "URL", "https://other.jp/c"), Claims(w))]),
        ["ppt inside, not beside"] = new(438, w => [Replace(w.Shaken(), ";ppt=\"shaken\"", "")]),
        ["ppt beside, not inside"] =
            new(438, w => [w.Signed("", Claims(w)) + ";ppt=shaken"]),
    };

    private static Dictionary<string, StirErrorCase> ClaimErrors() => new(StringComparer.Ordinal)
    {
        ["claims no JSON"] = new(438, w => [w.Signed("shaken", Claims(w)[..^1])]),
        ["a name twice"] =
            new(438, w => [w.Signed("shaken", Replace(Claims(w), "{\"attest", "{\"iat\":1,\"attest"))]),
        ["nested too deep"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), "\"A\"", "[[[[[[[[]]]]]]]]"))]),
        ["no iat"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), "\"iat\"", "\"eat\""))]),
        ["iat a text"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), $"{w.Iat}", $"\"{w.Iat}\""))]),
        ["iat beyond 64 bits"] =
            new(438, w => [w.Signed("shaken", Replace(Claims(w), $"{w.Iat}", "99999999999999999999"))]),
        ["stale by a second"] = new(403, w => [w.Shaken(ageSec: 61)]),
        ["ahead by a second"] = new(403, w => [w.Shaken(ageSec: -61)]),
        ["iat at the end of time"] = new(403, w => [w.Shaken(ageSec: w.Iat - long.MaxValue)]),
        ["no orig"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), "\"orig\"", "\"from\""))]),
        ["orig of another caller"] = new(438, w => [w.Shaken(orig: "81399998888")]),
        ["orig no number"] = new(438, w => [w.Shaken(orig: "alice")]),
        ["no dest"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), "\"dest\"", "\"to\""))]),
        ["dest empty"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), $"[\"{StirWorld.Dest}\"]", "[]"))]),
        ["dest another number"] = new(438, w => [w.Shaken(dest: "81120999999")]),
        ["shaken without attest"] =
            new(438, w => [w.Signed("shaken", Plain(w))]),
        ["attest D"] = new(438, w => [w.Shaken("D")]),
        ["no origid"] = new(438, w => [w.Signed("shaken", Replace(Claims(w), "origid", "origin"))]),
    };

    private static Dictionary<string, StirErrorCase> SignatureErrors() => new(StringComparer.Ordinal)
    {
        ["signature changed"] = new(438, w => [Flip(w.Shaken(), w.Shaken().IndexOf(';') - 10)]),
        ["signature of another token"] = new(438, w => [Graft(w.Shaken("A"), w.Shaken("C"))]),
        ["signature too short"] = new(438, w => [w.Shaken().Remove(w.Shaken().IndexOf(';') - 4, 4)]),
        ["compact without Date"] = new(438, w => [Compact(w, "")]),
        ["compact with a bad Date"] = new(438, w => [Compact(w, "")], "yesterday"),
        ["compact shaken"] = new(438, w => [Compact(w, "shaken")], "Sat, 18 Nov 2026 00:00:00 GMT"),
        ["div alone"] = new(438, w => [Div(w, StirWorld.Dest, Other)]),
        ["div from a number not signed"] =
            new(438, w => [w.Shaken(dest: Other), Div(w, StirWorld.Dest, "81355555555")]),
        ["div to another number"] =
            new(438, w => [w.Shaken(dest: Other), Div(w, "81120777777", Other)]),
        ["div of another caller"] =
            new(438, w => [w.Shaken(dest: Other), Div(w, StirWorld.Dest, Other, "81311119999")]),
        ["div without its claim"] =
            new(438, w => [w.Shaken(dest: Other), w.Signed("div", Plain(w))]),
        ["div in a ring"] = new(438, w =>
            [w.Shaken(dest: Other), Div(w, StirWorld.Dest, "81311111111"), Div(w, "81311111111", StirWorld.Dest)]),
        ["div badly signed"] =
            new(438, w => [w.Shaken(dest: Other), Graft(Div(w, StirWorld.Dest, Other), w.Shaken())]),
    };

    private static Dictionary<string, StirErrorCase> ServerErrors() => new(StringComparer.Ordinal)
    {
        ["server answers 404"] = At(436, w => w.Web.Url("nothing")),
        ["server redirects"] = At(436, w => w.Web.ServeRaw(
            "moved", $"HTTP/1.1 302 Found\r\nLocation: {w.Url}\r\nContent-Length: 0\r\n\r\n")),
        ["server never answers"] = At(436, w => w.Web.ServeRaw("silent", "")),
        ["server sends too much"] = At(436, w => w.Web.Serve("long", new string('x', 70_000))),
        ["nobody listens"] = At(436, _ => "http://127.0.0.1:1/c.pem"),
        ["address inside"] = At(436, _ => "https://10.1.2.3/c.pem"),
        ["address of cloud metadata"] = At(436, _ => "https://169.254.169.254/c.pem"),
        ["no https"] = At(436, _ => "http://cert.example.org/c.pem"),
        ["https on an odd port"] = At(436, _ => "https://cert.example.org:22/c.pem"),
        ["a file"] = At(436, _ => "file:///etc/passwd"),
        ["a user in the URL"] = At(436, _ => "https://me@cert.example.org/c.pem"),
    };

    private static Dictionary<string, StirErrorCase> CertificateErrors() => new(StringComparer.Ordinal)
    {
        ["no PEM"] = At(437, w => w.Web.Serve("text", "not a certificate")),
        ["issuer not trusted"] = Issued(w =>
        {
            using var other = new StirAuthority(w.Authority.Now);
            return other.Issue(w.Key, StirAuthority.Carrier("1234"));
        }),
        ["certificate out of date"] =
            Issued(w => w.Authority.Issue(w.Key, StirAuthority.Carrier("1234"), fromDays: -5, toDays: -1)),
        ["certificate not yet valid"] =
            Issued(w => w.Authority.Issue(w.Key, StirAuthority.Carrier("1234"), fromDays: 1)),
        ["certificate of an authority"] =
            Issued(w => w.Authority.Issue(w.Key, StirAuthority.Carrier("1234"), isCa: true)),
        ["certificate without a TN list"] = Issued(w => w.Authority.Issue(w.Key, null)),
        ["TN list no DER"] = Issued(w => w.Authority.Issue(w.Key, [0x30, 0x7f, 1])),
        ["TN list of another number"] =
            Issued(w => w.Authority.Issue(w.Key, StirAuthority.OneNumber("81399998888"))),
        ["TN list one short of the number"] =
            Issued(w => w.Authority.Issue(w.Key, StirAuthority.Range("81311112200", 22))),
        ["RSA key"] = Issued(w =>
        {
            using var key = RSA.Create(2048);
            return w.Authority.Issue(key, StirAuthority.Carrier("1234"));
        }),
        ["P-384 key"] = Issued(w =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            return w.Authority.Issue(key, StirAuthority.Carrier("1234"));
        }),
        ["another signer's certificate"] = new(438, w =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var url = w.Web.Serve("other.pem", w.Authority.Issue(key, StirAuthority.Carrier("1234")));
            return [w.Signed("shaken", Claims(w), url)];
        }),
    };

    private static StirErrorCase At(int code, Func<StirWorld, string> url) =>
        new(code, w => [w.Signed("shaken", Claims(w), url(w))]);

    private static StirErrorCase Issued(Func<StirWorld, string> pem) => At(437, w => w.Web.Serve("bad.pem", pem(w)));

    private static string Claims(StirWorld w) => StirAuthority.Shaken(StirWorld.Orig, StirWorld.Dest, w.Iat);

    private static string Plain(StirWorld w) => StirAuthority.Plain(StirWorld.Orig, StirWorld.Dest, w.Iat);

    private static string Div(StirWorld w, string dest, string div, string orig = StirWorld.Orig) =>
        w.Signed("div", StirAuthority.Diversion(orig, dest, w.Iat, div));

    private static string Token(StirWorld w, string header, string claims)
    {
        var token = StirAuthority.Sign(w.Key, header.Replace("URL", w.Url, StringComparison.Ordinal), claims);
        return $"{token};info=<{w.Url}>;alg=ES256;ppt=shaken";
    }

    private static string Compact(StirWorld w, string extension)
    {
        var whole = w.Signed(extension, Plain(w));
        return ".." + whole[(whole.LastIndexOf('.', whole.IndexOf(';')) + 1)..];
    }

    // The token of one with the signature of the other.
    private static string Graft(string token, string signature) =>
        string.Join('.', [.. token.Split('.')[..2], .. signature.Split('.')[2..]]);

    private static string Flip(string text, int at) =>
        string.Concat(text.AsSpan(0, at), text[at] == 'A' ? "B" : "A", text.AsSpan(at + 1));

    private static string Replace(string text, string what, string by) =>
        text.Contains(what, StringComparison.Ordinal)
            ? text.Replace(what, by, StringComparison.Ordinal)
            : throw new ArgumentException($"'{what}' is not in '{text}'.");
}
