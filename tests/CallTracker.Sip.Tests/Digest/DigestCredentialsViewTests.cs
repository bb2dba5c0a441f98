using System.Text;
using CallTracker.Sip.Digest;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>Credentials as clients write them, and as nobody should; random bytes never do harm.</summary>
public sealed class DigestCredentialsViewTests
{
    private const string Hash = "0123456789abcdef0123456789ABCDEF";
    private const string Whole =
        "Digest username=\"u\",realm=\"r\",nonce=\"n\",uri=\"sip:x\",response=\"" + Hash + "\"";

    [Theory]
    [InlineData(Whole, true)]
    [InlineData(Whole + ",qop=auth,nc=0000000a,cnonce=\"c\"", true)]
    [InlineData(Whole + ",qop=\"auth-int\",nc=\"0000000A\",cnonce=\"c\",opaque=\"o\",algorithm=MD5", true)]
    [InlineData(Whole + ",qop=auth,nc=00000000,cnonce=\"c\"", false)]
    [InlineData(Whole + ",qop=auth,nc=1,cnonce=\"c\"", false)]
    [InlineData(Whole + ",qop=auth,nc=0000000g,cnonce=\"c\"", false)]
    [InlineData(Whole + ",qop=auth,nc=00000001", false)]
    [InlineData(Whole + ",qop=auth,cnonce=\"c\"", false)]
    [InlineData(Whole + ",qop=x,nc=00000001,cnonce=\"c\"", false)]
    [InlineData(Whole + ",algorithm=SHA-256", false)]
    [InlineData(Whole + ",algorithm=AKAv1-MD5", false)]
    [InlineData(Whole + ",algorithm=MD5-sess", false)]
    [InlineData(Whole + ",username=\"v\"", false)]
    [InlineData(Whole + ", Digest username=\"v\"", false)]
    [InlineData(Whole + ",x", false)]
    [InlineData("Digest username=\"\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"" + Hash + "\"", false)]
    [InlineData("Digest username=\"u\",nonce=\"n\",uri=\"u\",response=\"" + Hash + "\"", false)]
    [InlineData("Basic dTpw", false)]
    public void Credentials_OfAnyShape_AreTakenOnlyWhenWhole(string text, bool isTaken) =>
        DigestCredentialsView.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBe(isTaken);

    [Fact]
    public void NonceCount_OfEightDigits_IsRead()
    {
        DigestCredentialsView.TryParse(
            Encoding.ASCII.GetBytes(Whole + ",qop=auth,nc=00fF0010,cnonce=\"c\""), out var view).ShouldBeTrue();
        view.NonceCount.ShouldBe(0xff0010u);
        DigestCredentialsView.TryParse(Encoding.ASCII.GetBytes(Whole + ",nc=00000007"), out view).ShouldBeTrue();
        view.NonceCount.ShouldBe(1u);
    }

    [Fact]
    public void Credentials_OfEveryPrefixAndMutation_NeverThrow()
    {
        var whole = Encoding.ASCII.GetBytes(Whole + ",qop=auth,nc=00000001,cnonce=\"c\\\"\", opaque=o");
        for (var length = 0; length < whole.Length; length++)
            _ = DigestCredentialsView.TryParse(whole.AsSpan(0, length), out _);
        var random = new Random(7);
        for (var round = 0; round < 50_000; round++)
        {
            var copy = whole.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) copy[random.Next(copy.Length)] = Any(random);
            var isTaken = DigestCredentialsView.TryParse(copy, out var view);
            if (isTaken) view.Response.Length.ShouldBe(DigestAlgorithms.HexLength(view.Algorithm));
            _ = DigestChallengeView.TryParse(copy, out _);
        }
    }

    private static byte Any(Random random) =>
        random.Next(3) == 0 ? (byte)random.Next(256) : " ,=\"\\\tDd"u8.ToArray()[random.Next(8)];
}
