using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// The digest itself (RFC 7616 section 3.4.1). Three short hashes, a few microseconds; nothing is allocated. Stateless.
/// </summary>
public static class DigestHash
{
    // The longest of each part: user, realm, secret, nonces, method and a URI of a few hundred bytes.
    private const int TextLengthMax = 2048;

    /// <summary>
    /// Writes the response in lower-case hexadecimal; its length, or 0 when a part is too long or the algorithm
    /// unknown.
    /// </summary>
    /// <param name="inputs">What is hashed.</param>
    /// <param name="response">Takes <see cref="DigestAlgorithms.HexLengthMax"/> bytes.</param>
    // response = H( H(A1) ":" nonce [ ":" nc ":" cnonce ":" qop ] ":" H(A2) )
    public static int Write(in DigestInputs inputs, Span<byte> response)
    {
        Span<byte> first = stackalloc byte[DigestAlgorithms.HexLengthMax];
        Span<byte> second = stackalloc byte[DigestAlgorithms.HexLengthMax];
        Span<byte> text = stackalloc byte[TextLengthMax];
        var length = DigestAlgorithms.HexLength(inputs.Algorithm);
        if (length == 0 || !TryHashUser(inputs, text, first) || !TryHashRequest(inputs, text, second)) return 0;
        var writer = new SipWriter(text);
        writer.Raw(first[..length]);
        Join(ref writer, inputs.Nonce);
        if (inputs.Qop != DigestQop.None)
        {
            Join(ref writer, inputs.NonceCount);
            Join(ref writer, inputs.Cnonce);
            Join(ref writer, DigestQops.NameOf(inputs.Qop));
        }
        Join(ref writer, second[..length]);
        if (writer.Overflowed) return 0;
        Hash(inputs.Algorithm, writer.Written, response);
        return length;
    }

    // A1 = username ":" realm ":" password, for -sess H(that) ":" nonce ":" cnonce
    private static bool TryHashUser(in DigestInputs inputs, Span<byte> text, Span<byte> hash)
    {
        var writer = new SipWriter(text);
        writer.Raw(inputs.Username);
        Join(ref writer, inputs.Realm);
        Join(ref writer, inputs.Secret);
        if (writer.Overflowed) return false;
        Hash(inputs.Algorithm, writer.Written, hash);
        CryptographicOperations.ZeroMemory(text[..writer.Length]);
        if (!DigestAlgorithms.IsSession(inputs.Algorithm)) return true;
        writer = new SipWriter(text);
        writer.Raw(hash[..DigestAlgorithms.HexLength(inputs.Algorithm)]);
        Join(ref writer, inputs.Nonce);
        Join(ref writer, inputs.Cnonce);
        if (writer.Overflowed) return false;
        Hash(inputs.Algorithm, writer.Written, hash);
        return true;
    }

    // A2 = Method ":" digest-uri, for auth-int also ":" H(entity-body)
    private static bool TryHashRequest(in DigestInputs inputs, Span<byte> text, Span<byte> hash)
    {
        var writer = new SipWriter(text);
        writer.Raw(inputs.Method);
        Join(ref writer, inputs.Uri);
        if (inputs.Qop == DigestQop.AuthInt)
        {
            Hash(inputs.Algorithm, inputs.Body, hash);
            Join(ref writer, hash[..DigestAlgorithms.HexLength(inputs.Algorithm)]);
        }
        if (writer.Overflowed) return false;
        Hash(inputs.Algorithm, writer.Written, hash);
        return true;
    }

    private static void Join(ref SipWriter writer, scoped ReadOnlySpan<byte> part)
    {
        writer.Raw(":"u8);
        writer.Raw(part);
    }

    [SuppressMessage("Security", "CA5351", Justification = "MD5 is what most carriers' registrars speak (RFC 3261).")]
    private static void Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> text, Span<byte> hex)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var length = algorithm is DigestAlgorithm.Md5 or DigestAlgorithm.Md5Session
            ? MD5.HashData(text, bytes)
            : SHA256.HashData(text, bytes);
        Convert.TryToHexStringLower(bytes[..length], hex, out _);
    }
}
