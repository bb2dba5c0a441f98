using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Writes the JSON of PASSporTs in their one canonical form: keys in order, no white space (RFC 8225 section 9).
/// Stateless. What is put in is digits, words of ours and checked URIs: nothing needs escaping.
/// </summary>
internal static class PassportText
{
    /// <summary>Bytes of an ES256 signature: r and s (RFC 7518 section 3.4).</summary>
    public const int SignatureLength = 64;

    // {"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"https://cert.example.org/passport.cer"}
    public static string Header(string extension, string certificateUrl) =>
        extension.Length == 0
            ? $$"""{"alg":"ES256","typ":"passport","x5u":"{{certificateUrl}}"}"""
            : $$"""{"alg":"ES256","ppt":"{{extension}}","typ":"passport","x5u":"{{certificateUrl}}"}""";

    // {"dest":{"tn":["12155551213"]},"iat":1443208345,"orig":{"tn":"12155551212"}}
    public static string Plain(string orig, string dest, long issuedAt) =>
        $$$"""{"dest":{"tn":["{{{dest}}}"]},"iat":{{{Text(issuedAt)}}},"orig":{"tn":"{{{orig}}}"}}""";

    // {"attest":"A","dest":{"tn":["12155551213"]},"iat":1443208345,"orig":{"tn":"12155551212"},"origid":"123e…"}
    public static string Shaken(string orig, string dest, long issuedAt, string attest, string origId) =>
        $$$"""{"attest":"{{{attest}}}","dest":{"tn":["{{{dest}}}"]},"iat":{{{Text(issuedAt)}}},"""
        + $$$"""
           "orig":{"tn":"{{{orig}}}"},"origid":"{{{origId}}}"}
           """;

    // {"dest":{"tn":["12155551214"]},"div":{"tn":"12155551213"},"iat":1443208345,"orig":{"tn":"12155551212"}}
    public static string Diversion(string orig, string dest, long issuedAt, string div) =>
        $$$"""{"dest":{"tn":["{{{dest}}}"]},"div":{"tn":"{{{div}}}"},"iat":{{{Text(issuedAt)}}},"""
        + $$$"""
           "orig":{"tn":"{{{orig}}}"}}
           """;

    /// <summary>header "." payload, both in base64url: what is signed (RFC 7515 section 5.1).</summary>
    public static string SigningInput(string header, string payload) => $"{Encode(header)}.{Encode(payload)}";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
