using System.Security.Cryptography;
using System.Text;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// Checks the password when the server was given one. Any user name is taken: there is one user, "default". Credentials
/// come as headers of ClickHouse's own, as Basic, or in the URL, as on a server. Compared in constant time.
/// </summary>
internal sealed class Authentication(string? password)
{
    private readonly byte[]? _expected = password is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(password));

    public bool Accepts(HttpRequest request) =>
        _expected is null
        || CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(GivenPassword(request))), _expected);

    private static string GivenPassword(HttpRequest request)
    {
        if (request.Headers["X-ClickHouse-Key"] is { Count: > 0 } key)
            return key[0] ?? string.Empty;
        var basic = request.Headers.Authorization.ToString();
        return basic.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
            ? PasswordOf(basic["Basic ".Length..].Trim())
            : request.Query["password"].ToString();
    }

    /// <summary>user:password in Base64; what is not is an empty password.</summary>
    private static string PasswordOf(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return string.Empty;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? string.Empty : text[(colon + 1)..];
    }
}
