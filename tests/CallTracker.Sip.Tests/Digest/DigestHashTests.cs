using System.Text;
using CallTracker.Sip.Digest;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>
/// Published vectors (RFC 2617 section 3.5, RFC 7616 section 3.9.1), and the other combinations as an independent
/// implementation (Python's hashlib) computes them from the text of RFC 7616 section 3.4.
/// </summary>
public sealed class DigestHashTests
{
    private const string Nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private const string Cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    [Fact]
    public void Response_OfRfc2617_IsAsPublished() => Compute(
        DigestAlgorithm.Md5, DigestQop.Auth, "testrealm@host.com", "Circle Of Life",
        "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b").ShouldBe("6629fae49393a05397450978507c4ef1");

    [Theory]
    [InlineData("MD5", DigestQop.Auth, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", DigestQop.Auth, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [InlineData("MD5", DigestQop.None, "7b2cc3b30e75b4777ea31027084363fd")]
    [InlineData("MD5", DigestQop.AuthInt, "d1b8e2ac3f6782372de4bf3d8735b406")]
    [InlineData("MD5-sess", DigestQop.Auth, "e783283f46242139c486a698fec7211d")]
    [InlineData("MD5-sess", DigestQop.AuthInt, "4321e8772738f242cc32334079264d8c")]
    [InlineData("SHA-256", DigestQop.None, "a1306b0595a6c7fe96c448631fb5cfbd5107bd1fe1da729d978dd7446b812363")]
    [InlineData("SHA-256", DigestQop.AuthInt, "385d2de062660ced11876f42d9497c69cacf5caaf3d951dd424aee9f7157d563")]
    [InlineData("SHA-256-sess", DigestQop.Auth, "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7")]
    [InlineData("SHA-256-sess", DigestQop.AuthInt, "cade7e5b751d9c3c2f066a95f2405c5509ad0171cf93f117e98b7f0ebb212e57")]
    public void Response_OfRfc7616_IsAsPublishedOrComputedElsewhere(string algorithm, DigestQop qop, string expected) =>
        Compute(DigestAlgorithms.Parse(Encoding.ASCII.GetBytes(algorithm)), qop, "http-auth@example.org",
            "Circle of Life", Nonce, Cnonce).ShouldBe(expected);

    [Fact]
    public void Response_OfAnUnknownAlgorithmOrEndlessText_IsRefused()
    {
        Compute(DigestAlgorithm.Unknown, DigestQop.Auth, "r", "s", "n", "c").ShouldBe("");
        Compute(DigestAlgorithm.Md5, DigestQop.Auth, new string('r', 5000), "s", "n", "c").ShouldBe("");
        Compute(DigestAlgorithm.Md5, DigestQop.Auth, "r", "s", new string('n', 5000), "c").ShouldBe("");
    }

    [Fact]
    public void Response_OfAnyAlgorithm_AllocatesNothing()
    {
        var response = new byte[DigestAlgorithms.HexLengthMax];
        Run(response, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(response, 2000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        GC.KeepAlive(new byte[1]);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeGreaterThan(0);
    }

    private static void Run(byte[] response, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var inputs = new DigestInputs
            {
                Algorithm = (DigestAlgorithm)(1 + (i % 4)),
                Qop = DigestQop.AuthInt,
                Username = "u"u8,
                Realm = "r"u8,
                Secret = "s"u8,
                Nonce = "n"u8,
                NonceCount = "00000001"u8,
                Cnonce = "c"u8,
                Method = "INVITE"u8,
                Uri = "sip:a"u8,
                Body = "v=0"u8,
            };
            if (DigestHash.Write(inputs, response) == 0) throw new InvalidOperationException("No response.");
        }
    }

    private static string Compute(
        DigestAlgorithm algorithm, DigestQop qop, string realm, string secret, string nonce, string cnonce)
    {
        Span<byte> response = stackalloc byte[DigestAlgorithms.HexLengthMax];
        var inputs = new DigestInputs
        {
            Algorithm = algorithm,
            Qop = qop,
            Username = "Mufasa"u8,
            Realm = Encoding.ASCII.GetBytes(realm),
            Secret = Encoding.ASCII.GetBytes(secret),
            Nonce = Encoding.ASCII.GetBytes(nonce),
            NonceCount = "00000001"u8,
            Cnonce = Encoding.ASCII.GetBytes(cnonce),
            Method = "GET"u8,
            Uri = "/dir/index.html"u8,
            Body = "v=0\r\n"u8,
        };
        return Encoding.ASCII.GetString(response[..DigestHash.Write(inputs, response)]);
    }
}
