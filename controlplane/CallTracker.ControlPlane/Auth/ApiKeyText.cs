using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CallTracker.ControlPlane.Auth;

/// <summary>
/// The text of an API key: <c>ctk_live_</c> and 43 base62 characters (256 bits). It is shown once; only its SHA-256 is
/// kept. A plain hash suffices because the key is random and not a password. Stateless.
/// </summary>
internal static class ApiKeyText
{
    public const string Prefix = "ctk_live_";
    public const int RandomLength = 43;
    private const int LengthMax = 200;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> AlphabetSet = SearchValues.Create(Alphabet);

    public static string Make() => Prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);

    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + RandomLength && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(AlphabetSet) < 0;

    /// <summary>The lower-case hex SHA-256 under which a key is kept.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What may be shown of a key afterwards: enough to recognise it, too little to use it.</summary>
    public static string Hint(string text) => text[..(Prefix.Length + 4)];

    /// <summary><c>Authorization: Bearer key</c> (RFC 6750 section 2.1); null when there is none.</summary>
    public static string? FromHeader(string? header)
    {
        const string Scheme = "Bearer ";
        if (header is null || header.Length > LengthMax) return null;
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
