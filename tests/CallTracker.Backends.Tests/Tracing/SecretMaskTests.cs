using System.Text;
using CallTracker.Backends.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>What may not be learned from a trace is gone, everything else stays, and no length changes.</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("Authorization: Digest username=\"a\", response=\"0123abcd\", uri=\"sip:x\"",
        "Authorization: Digest username=\"a\", response=\"xxxxxxxx\", uri=\"sip:x\"")]
    [InlineData("PROXY-authorization:Digest nonce=\"n\",response = \"0123\"",
        "PROXY-authorization:Digest nonce=\"n\",response = \"xxxx\"")]
    [InlineData("Authorization: Digest response=0123,nc=1", "Authorization: Digest response=xxxx,nc=1")]
    [InlineData("Authorization: Digest cnonce=\"response=\", response=\"01\"",
        "Authorization: Digest cnonce=\"response=\", response=\"xx\"")]
    [InlineData("Authorization: Digest username=\"a\",\r\n response=\"0123\"",
        "Authorization: Digest username=\"a\",\r\nxxxxxxxxxxxxxxxx")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "Authorization: xxxxxxxxxxxxxxxxxx")]
    [InlineData("Authentication-Info: qop=auth, rspauth=\"0123\"", "Authentication-Info: qop=auth, rspauth=\"xxxx\"")]
    [InlineData("WWW-Authenticate: Digest realm=\"response=1\"", "WWW-Authenticate: Digest realm=\"response=1\"")]
    [InlineData("X-Response: response=\"0123\"", "X-Response: response=\"0123\"")]
    public void Header_WithOrWithoutSecret_IsMaskedOrLeft(string header, string expected)
    {
        const string Rest = "\r\nCall-ID: response=1\r\n\r\n";
        Apply($"REGISTER sip:x SIP/2.0\r\n{header}{Rest}").ShouldBe($"REGISTER sip:x SIP/2.0\r\n{expected}{Rest}");
    }

    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20|1:32",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxxxxxxxxxxxx")]
    [InlineData("a=crypto:1 odd", "a=crypto:xxxxx")]
    [InlineData("A=CRYPTO:2 AEAD_AES_256_GCM INLINE:c2VjcmV0", "A=CRYPTO:2 AEAD_AES_256_GCM INLINE:xxxxxxxx")]
    [InlineData("a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0",
        "a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxx")]
    [InlineData("k=base64:c2VjcmV0", "k=xxxxxxxxxxxxxxx")]
    [InlineData("a=key-mgmt:mikey AQAF", "a=key-mgmt:xxxxxxxxxx")]
    [InlineData("a=ice-pwd:abc", "a=ice-pwd:xxx")]
    [InlineData("a=rtpmap:8 PCMA/8000", "a=rtpmap:8 PCMA/8000")]
    [InlineData("Signal=5", "Signal=x")]
    [InlineData("Signal= 5", "Signal=xx")]
    [InlineData("Duration=160", "Duration=160")]
    public void BodyLine_WithOrWithoutSecret_IsMaskedOrLeft(string line, string expected)
    {
        const string Head = "INVITE sip:x SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";
        Apply($"{Head}{line}\r\nt=0 0\r\n").ShouldBe($"{Head}{expected}\r\nt=0 0\r\n");
    }

    [Fact]
    public void Body_OfDialledDigitsAlone_IsMaskedWhole()
    {
        const string Head = "INFO sip:x SIP/2.0\r\nContent-Type: application/dtmf\r\n\r\n";
        Apply(Head + "1234#").ShouldBe(Head + "xxxxx");
    }

    [Fact]
    public void LineEnds_OfAnyKind_AreUnderstood()
    {
        Apply("X\nAuthorization: Digest response=\"1\"\n\nk=2")
            .ShouldBe("X\nAuthorization: Digest response=\"x\"\n\nk=x");
        Apply("").ShouldBe("");
        Apply("\r\n\r\n").ShouldBe("\r\n\r\n");
        Apply("Authorization:").ShouldBe("Authorization:");
    }

    [Fact]
    public void Message_OfRandomBytes_KeepsItsLengthAndItsLineEnds()
    {
        var random = new Random(5);
        string[] words =
            ["Authorization", ": ", "Digest ", "response", "=", "\"", "\r\n", "\n", " ", "a=crypto:", "k="];
        for (var round = 0; round < 20_000; round++)
        {
            var picks = Enumerable.Range(0, random.Next(20)).Select(_ => words[random.Next(words.Length)]);
            var text = string.Concat(picks);
            var masked = Apply(text);
            masked.Length.ShouldBe(text.Length);
            Ends(masked).ShouldBe(Ends(text));
        }
    }

    private static string Ends(string text) =>
        string.Concat(text.Select((c, i) => (c, i)).Where(p => p.c == '\n').Select(p => p.i + ","));

    private static string Apply(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        SecretMask.Apply(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
