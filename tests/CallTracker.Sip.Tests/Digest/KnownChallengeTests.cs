using System.Text;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>The client's credentials are such as the server's check accepts, request after request.</summary>
public sealed class KnownChallengeTests
{
    private readonly KnownChallenge _known = new();

    [Theory]
    [InlineData("", "", "00000003", true)]
    [InlineData(",qop=\"auth\"", ",algorithm=MD5", "00000003", true)]
    [InlineData(",qop=\"auth,auth-int\",opaque=\"o\"", ",algorithm=SHA-256", "00000003", true)]
    [InlineData(",qop=\"auth-int\"", ",algorithm=SHA-256", "00000003", false)]
    [InlineData(",qop=\"auth\"", ",algorithm=MD5-sess", "00000003", true)]
    [InlineData(",qop=\"auth-int\"", ",algorithm=SHA-256-sess", "00000003", false)]
    public void Credentials_ForAnyOffer_HoldAndCountUp(string offer, string algorithm, string count, bool isForeseen)
    {
        Learn($"Digest realm=\"r\",nonce=\"n\"{offer}{algorithm}");
        _known.CanForesee.ShouldBe(isForeseen && offer.Length > 0);
        Write("body");
        Write("body");
        var line = Write("body");
        line.Contains("nc=" + count, StringComparison.Ordinal).ShouldBe(offer.Length > 0);
        line.Contains("algorithm=", StringComparison.Ordinal).ShouldBe(algorithm.Length > 0);
        line.Contains("opaque=\"o\"", StringComparison.Ordinal)
            .ShouldBe(offer.Contains("opaque", StringComparison.Ordinal));
        Holds(line, "secret", "body").ShouldBeTrue();
        Holds(line, "Secret", "body").ShouldBeFalse();
        Holds(line, "", "body").ShouldBeFalse();
        var coversBody = line.Contains("auth-int", StringComparison.Ordinal);
        Holds(line, "secret", "other").ShouldBe(!coversBody);
    }

    [Theory]
    [InlineData("sip:0312345678@a", true)]
    [InlineData("sip:0312345678@other.example", true)]
    [InlineData("sip:09000000000@a", false)]
    public void Credentials_ForOneNumber_DoNotOpenAnother(string uri, bool holds)
    {
        Learn("Digest realm=\"r\",nonce=\"n\",qop=\"auth\"");
        Holds(Write(""), "secret", "", uri).ShouldBe(holds);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\r\nX: y")]
    [InlineData("")]
    public void User_ThatCannotBeQuoted_IsNotSent(string user)
    {
        Learn("Digest realm=\"r\",nonce=\"n\",qop=\"auth\"");
        var writer = new SipWriter(new byte[1024]);
        _known.TryWrite(ref writer, SipHeaderKind.Authorization, Encoding.ASCII.GetBytes(user), "s"u8, "INVITE"u8,
            "sip:a"u8, default).ShouldBeFalse();
        writer.Length.ShouldBe(0);
    }

    [Fact]
    public void Challenge_Forgotten_IsNotAnswered()
    {
        Learn("Digest realm=\"r\",nonce=\"n\",qop=\"auth\"");
        _known.Forget();
        _known.IsKnown.ShouldBeFalse();
        Learn("Digest realm=\"r\",nonce=\"m\",qop=\"auth\"");
        Write("").ShouldContain("nc=00000001");
    }

    private void Learn(string challenge)
    {
        DigestChallengeView.TryParse(Encoding.ASCII.GetBytes(challenge), out var view).ShouldBeTrue();
        _known.Learn(view, "0123456789abcdef01234567"u8);
    }

    private string Write(string body)
    {
        var writer = new SipWriter(new byte[1024]);
        _known.TryWrite(ref writer, SipHeaderKind.Authorization, "user"u8, "secret"u8, "INVITE"u8,
            "sip:0312345678@a"u8, Encoding.ASCII.GetBytes(body)).ShouldBeTrue();
        return Encoding.ASCII.GetString(writer.Written);
    }

    private static bool Holds(string line, string secret, string body, string uri = "sip:0312345678@a")
    {
        var request = new SipMessage();
        var bytes = Encoding.ASCII.GetBytes(
            $"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
            + $"Call-ID: c\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n{line}Content-Length: {body.Length}\r\n\r\n{body}");
        request.Parse(bytes, 0, bytes.Length);
        var header = request.Header(SipHeaderKind.Authorization);
        DigestCredentialsView.TryParse(header, out var credentials).ShouldBeTrue(line);
        return DigestProof.Holds(credentials, request, "user"u8, Encoding.ASCII.GetBytes(secret));
    }
}
