using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>A peer that makes and checks digests by the book (RFC 2617), independent of the product's code.</summary>
internal static class DigestPeer
{
    public const string User = "shop-user";
    public const string Secret = "s3cret";

    /// <summary>A challenge line as a 401 or 407 carries it.</summary>
    public static string Challenge(string nonce, bool isProxy = false, bool isStale = false, string realm = "shop") =>
        $"{(isProxy ? "Proxy" : "WWW")}-Authenticate: Digest realm=\"{realm}\",nonce=\"{nonce}\",algorithm=MD5,"
        + $"qop=\"auth\"{(isStale ? ",stale=true" : "")}\r\n";

    /// <summary>The Authorization line of a client that was sent this 401.</summary>
    public static string Authorize(
        SentMessage challenge, string method, string uri, string user = User, string secret = Secret, int count = 1)
    {
        var header = challenge.Header("WWW-Authenticate");
        var (realm, nonce) = (Field(header, "realm"), Field(header, "nonce"));
        var response = Response(user, realm, secret, method, uri, nonce, $"{count:x8}", "0a4f113b");
        return $"Authorization: Digest username=\"{user}\",realm=\"{realm}\",nonce=\"{nonce}\",uri=\"{uri}\","
            + $"response=\"{response}\",algorithm=MD5,qop=auth,nc={count:x8},cnonce=\"0a4f113b\"\r\n";
    }

    /// <summary>True when a request carries a right digest over this nonce.</summary>
    public static bool Proves(SentMessage request, string nonce, bool isProxy = false, string secret = Secret)
    {
        var header = request.Header(isProxy ? "Proxy-Authorization" : "Authorization");
        var expected = Response(
            User, Field(header, "realm"), secret, request.Method, request.Uri, nonce, Field(header, "nc"),
            Field(header, "cnonce"));
        return Field(header, "nonce") == nonce && Field(header, "username") == User
            && Field(header, "uri") == request.Uri && Field(header, "response") == expected;
    }

    /// <summary>A field of a header, without quotes; empty when there is none.</summary>
    public static string Field(string header, string name) =>
        Regex.Match(header, $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;

    private static string Response(
        string user, string realm, string secret, string method, string uri, string nonce, string nc, string cnonce) =>
        Md5($"{Md5($"{user}:{realm}:{secret}")}:{nonce}:{nc}:{cnonce}:auth:{Md5($"{method}:{uri}")}");

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
}
