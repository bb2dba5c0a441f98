using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Digest;

/// <summary>Writes challenges and credentials as header lines. Stateless.</summary>
public static class DigestHeader
{
    // challenge = "Digest" SP realm COMMA nonce COMMA algorithm COMMA qop-options [COMMA stale]
    public static void WriteChallenge(
        ref SipWriter writer, SipHeaderKind kind, DigestAlgorithm algorithm, scoped ReadOnlySpan<byte> realm,
        scoped ReadOnlySpan<byte> nonce, bool isStale)
    {
        writer.BeginHeader(kind);
        writer.Raw("Digest "u8);
        Quoted(ref writer, "realm="u8, realm);
        Quoted(ref writer, ",nonce="u8, nonce);
        Plain(ref writer, ",algorithm="u8, DigestAlgorithms.NameOf(algorithm));
        writer.Raw(",qop=\"auth\""u8);
        if (isStale) writer.Raw(",stale=true"u8);
        writer.LineEnd();
    }

    /// <summary>The answer to a challenge; false, and nothing written, when a part is too long.</summary>
    // digest-response = username, realm, nonce, digest-uri, dresponse [, algorithm] [, opaque] [, qop, nc, cnonce]
    public static bool TryWriteCredentials(
        ref SipWriter writer, SipHeaderKind kind, scoped DigestInputs inputs, scoped ReadOnlySpan<byte> opaque,
        bool namesAlgorithm)
    {
        Span<byte> response = stackalloc byte[DigestAlgorithms.HexLengthMax];
        var length = DigestHash.Write(inputs, response);
        if (length == 0) return false;
        writer.BeginHeader(kind);
        writer.Raw("Digest "u8);
        Quoted(ref writer, "username="u8, inputs.Username);
        Quoted(ref writer, ",realm="u8, inputs.Realm);
        Quoted(ref writer, ",nonce="u8, inputs.Nonce);
        Quoted(ref writer, ",uri="u8, inputs.Uri);
        Quoted(ref writer, ",response="u8, response[..length]);
        if (namesAlgorithm) Plain(ref writer, ",algorithm="u8, DigestAlgorithms.NameOf(inputs.Algorithm));
        if (!opaque.IsEmpty) Quoted(ref writer, ",opaque="u8, opaque);
        if (inputs.Qop != DigestQop.None)
        {
            Plain(ref writer, ",qop="u8, DigestQops.NameOf(inputs.Qop));
            Plain(ref writer, ",nc="u8, inputs.NonceCount);
        }
        var hasCnonce = inputs.Qop != DigestQop.None || DigestAlgorithms.IsSession(inputs.Algorithm);
        if (hasCnonce) Quoted(ref writer, ",cnonce="u8, inputs.Cnonce);
        writer.LineEnd();
        return true;
    }

    private static void Quoted(ref SipWriter writer, ReadOnlySpan<byte> label, scoped ReadOnlySpan<byte> value)
    {
        writer.Raw(label);
        writer.Raw("\""u8);
        writer.Raw(value);
        writer.Raw("\""u8);
    }

    private static void Plain(ref SipWriter writer, ReadOnlySpan<byte> label, scoped ReadOnlySpan<byte> value)
    {
        writer.Raw(label);
        writer.Raw(value);
    }
}
