using System.Text;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>Challenges as servers write them, and as nobody should.</summary>
public sealed class DigestChallengeViewTests
{
    [Fact]
    public void Challenge_WithEverything_IsReadAsItStands()
    {
        var text = "digest realm=\"a \\\"b\\\", c\" , nonce = \"n,1\",opaque=\"\", stale=TRUE,algorithm=sha-256,"
            + "qop=\"auth,auth-int,x\", domain=\"sip:x\", charset=UTF-8";
        DigestChallengeView.TryParse(Encoding.ASCII.GetBytes(text), out var view).ShouldBeTrue();
        Encoding.ASCII.GetString(view.Realm).ShouldBe("a \\\"b\\\", c");
        Encoding.ASCII.GetString(view.Nonce).ShouldBe("n,1");
        (view.IsStale, view.Algorithm, view.HasAlgorithm).ShouldBe((true, DigestAlgorithm.Sha256, true));
        view.Qop.ShouldBe(DigestQop.Auth | DigestQop.AuthInt);
    }

    [Theory]
    [InlineData("Digest realm=\"r\",nonce=\"n\"", true)]
    [InlineData("Digest realm=\"\",nonce=\"n\"", true)]
    [InlineData("Digest realm=r,nonce=n,stale=false", true)]
    [InlineData("Digest realm=\"r\"", false)]
    [InlineData("Digest nonce=\"n\"", false)]
    [InlineData("Digest realm=\"r\",nonce=\"\"", false)]
    [InlineData("Digest realm=\"r\",nonce=\"n\",algorithm=SHA-512-256", false)]
    [InlineData("Digest realm=\"r\",nonce=\"n\",qop=\"token\"", false)]
    [InlineData("Digest realm=\"r\",nonce=\"n\",nonce=\"m\"", false)]
    [InlineData("Digest realm=\"r\",realm=\"q\",nonce=\"m\"", false)]
    [InlineData("Digest realm=\"r\",nonce=\"n\",algorithm=MD5,algorithm=SHA-256", false)]
    [InlineData("Digest realm=\"r,nonce=\"n\"", false)]
    [InlineData("Digest realm=\"r\" nonce=\"n\"", false)]
    [InlineData("Digest realm=\"r\",nonce=", false)]
    [InlineData("Digest realm=\"r\",=\"n\"", false)]
    [InlineData("Digest", false)]
    [InlineData("Basic realm=\"r\"", false)]
    [InlineData("", false)]
    public void Challenge_OfAnyShape_IsTakenOnlyWhenItCanBeAnswered(string text, bool isTaken) =>
        DigestChallengeView.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBe(isTaken);

    [Fact]
    public void Challenge_WithTooMuch_IsRefused()
    {
        var many = string.Concat(Enumerable.Range(0, 40).Select(i => $",x{i}=1"));
        IsTaken("Digest realm=\"r\",nonce=\"n\"" + many).ShouldBeFalse();
        IsTaken($"Digest realm=\"r\",nonce=\"{new string('n', 513)}\"").ShouldBeFalse();
        IsTaken($"Digest realm=\"{new string('r', 257)}\",nonce=\"n\"").ShouldBeFalse();
        IsTaken($"Digest realm=\"{new string('r', 256)}\",nonce=\"{new string('n', 512)}\"").ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "sha")]
    [InlineData("one", "md5")]
    [InlineData("none", null)]
    public void Best_OfSeveral_IsTheStrongestOfTheRealm(string realm, string? nonce)
    {
        var message = new SipMessage();
        var bytes = Encoding.ASCII.GetBytes(
            "SIP/2.0 401 x\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
            + "Call-ID: c\r\nCSeq: 1 REGISTER\r\n"
            + "WWW-Authenticate: Digest realm=\"zero\",nonce=\"x\",algorithm=SHA-512-256\r\n"
            + "WWW-Authenticate: Digest realm=\"one\",nonce=\"md5\",algorithm=MD5, Basic realm=\"b\", "
            + "Digest realm=\"two\",nonce=\"sha\",algorithm=SHA-256\r\n"
            + "WWW-Authenticate: Digest realm=\"two\",nonce=\"later\",algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n");
        message.Parse(bytes, 0, bytes.Length).ShouldBe(SipParseResult.Ok);
        var isFound = DigestChallengeView.TryFindBest(
            message, SipHeaderKind.WwwAuthenticate, Encoding.ASCII.GetBytes(realm), out var best);
        isFound.ShouldBe(nonce is not null);
        Encoding.ASCII.GetString(best.Nonce).ShouldBe(nonce ?? "");
    }

    private static bool IsTaken(string text) => DigestChallengeView.TryParse(Encoding.ASCII.GetBytes(text), out _);
}
