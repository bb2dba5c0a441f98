using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// Digest authentication as a shop's system asks for it (RFC 2617, MD5, qop auth), by code of its own; its nonce goes
/// stale now and then. Owned by its <see cref="ShopAgent"/>.
/// </summary>
internal sealed class DigestGuard(Random random)
{
    public const string User = "sim";
    public const string Secret = "kept";
    // Longer than a request and its repetitions take: twice stale in one exchange means a wrong password to the node.
    private const int NonceMsMin = 100_000;
    private int _nonce;
    private long _renewedMs;

    /// <summary>Requests that proved they know the secret.</summary>
    public int ProvedCount { get; private set; }

    /// <summary>The challenge for a request without good credentials; empty for one that has them.</summary>
    public string ChallengeOf(SimMessage request, long nowMs)
    {
        if (random.Next(10) == 0 && nowMs - _renewedMs >= NonceMsMin)
            (_nonce, _renewedMs) = (_nonce + 1, nowMs);
        var header = request.Header("Authorization");
        var isRight = header.Length > 0 && IsRight(request, header);
        var isFresh = Field(header, "nonce") == $"n{_nonce}";
        if (isRight && isFresh)
        {
            ProvedCount++;
            return "";
        }
        var stale = isRight ? ",stale=true" : "";
        return $"WWW-Authenticate: Digest realm=\"sim\",nonce=\"n{_nonce}\",algorithm=MD5,qop=\"auth\"{stale}\r\n";
    }

    private static bool IsRight(SimMessage request, string header)
    {
        var (uri, nonce) = (Field(header, "uri"), Field(header, "nonce"));
        var first = Md5($"{User}:{Field(header, "realm")}:{Secret}");
        var proof = Md5(
            $"{first}:{nonce}:{Field(header, "nc")}:{Field(header, "cnonce")}:auth:{Md5($"{request.Method}:{uri}")}");
        var isRight = Field(header, "username") == User && uri == request.Uri && Field(header, "response") == proof;
        // The engine knows the one secret there is: a wrong proof is a fault of its own.
        return isRight ? true : throw new World.SimulationException($"A wrong digest:\n{request.Text}");
    }

    private static string Field(string header, string name) =>
        Regex.Match(header, $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
}
