using System.Security.Cryptography;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>Checks credentials that a peer sent against the secret we share with it. Stateless.</summary>
public static class DigestProof
{
    /// <summary>
    /// True when the digest was made with this user and secret, for this request. The comparison takes the same time
    /// wherever they differ. Whether the nonce is good is another question (<see cref="DigestNonces"/>).
    /// </summary>
    public static bool Holds(
        in DigestCredentialsView credentials, SipMessage request, ReadOnlySpan<byte> username,
        ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty || !credentials.Username.SequenceEqual(username)) return false;
        if (!IsForRequest(credentials.Uri, request)) return false;
        Span<byte> expected = stackalloc byte[DigestAlgorithms.HexLengthMax];
        Span<byte> given = stackalloc byte[DigestAlgorithms.HexLengthMax];
        var inputs = new DigestInputs
        {
            Algorithm = credentials.Algorithm,
            Qop = credentials.Qop,
            Username = credentials.Username,
            Realm = credentials.Realm,
            Secret = secret,
            Nonce = credentials.Nonce,
            NonceCount = credentials.NonceCountText,
            Cnonce = credentials.Cnonce,
            Method = request.MethodText,
            Uri = credentials.Uri,
            Body = request.Body,
        };
        var length = DigestHash.Write(inputs, expected);
        if (length == 0 || length != credentials.Response.Length) return false;
        for (var i = 0; i < length; i++) given[i] = ToLower(credentials.Response[i]);
        return CryptographicOperations.FixedTimeEquals(expected[..length], given[..length]);
    }

    // Hosts differ where a proxy or the peer's own settings rewrite the Request-URI; a digest made for one number must
    // not open the way to another (RFC 7616 section 3.4.6).
    private static bool IsForRequest(ReadOnlySpan<byte> uri, SipMessage request)
    {
        if (uri.SequenceEqual(request.RequestUri)) return true;
        if (!SipUriView.TryParse(uri, out var named)) return false;
        return SipUriView.TryParse(request.RequestUri, out var asked)
            && (named.User.IsEmpty || named.User.SequenceEqual(asked.User));
    }

    private static byte ToLower(byte c) => c is >= (byte)'A' and <= (byte)'F' ? (byte)(c | 0x20) : c;
}
