using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>The a=crypto line: which ones are taken, which are not, and what we write.</summary>
public sealed class SdpCryptoTests
{
    private const string Key30 = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Key46 = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NQ==";
    private const string Key44 = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM=";
    private const string Key28 = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw==";

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30, SrtpSuite.Cm128Sha80, 1)]
    [InlineData("999999999 aes_cm_128_hmac_sha1_32 INLINE:" + Key30, SrtpSuite.Cm128Sha32, 999_999_999)]
    [InlineData("3 AES_256_CM_HMAC_SHA1_80 inline:" + Key46, SrtpSuite.Cm256Sha80, 3)]
    [InlineData("3 AES_256_CM_HMAC_SHA1_32 inline:" + Key46, SrtpSuite.Cm256Sha32, 3)]
    [InlineData("4 AEAD_AES_128_GCM inline:" + Key28, SrtpSuite.Aead128Gcm, 4)]
    [InlineData("5 AEAD_AES_256_GCM inline:" + Key44, SrtpSuite.Aead256Gcm, 5)]
    [InlineData("6 AEAD_AES_128_GCM  inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw ", SrtpSuite.Aead128Gcm, 6)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20", SrtpSuite.Cm128Sha80, 1)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^48 WSH=64", SrtpSuite.Cm128Sha80, 1)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1048576 KDR=0 -X=1", SrtpSuite.Cm128Sha80, 1)]
    public void Line_ThatWeCanDo_IsTaken(string line, SrtpSuite suite, int tag)
    {
        SdpCrypto.TryRead(Bytes("crypto:" + line), out var foundTag, out var master).ShouldBeTrue();
        (master.Suite, foundTag).ShouldBe((suite, tag));
        var key = Regex.Match(line, "(?i)inline:([^| ]+)").Groups[1].Value;
        Convert.ToBase64String(master.Bytes).TrimEnd('=').ShouldBe(key.TrimEnd('='));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("x AES_CM_128_HMAC_SHA1_80 inline:" + Key30)]
    [InlineData("-1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30)]
    [InlineData("1000000000 AES_CM_128_HMAC_SHA1_80 inline:" + Key30)]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:" + Key30)]
    [InlineData("1 AES_192_CM_HMAC_SHA1_80 inline:" + Key30)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 " + Key30)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key28)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key46)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubG**")]
    [InlineData("1 AEAD_AES_128_GCM inline:" + Key30)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1:4")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20|1:4")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20|1:4;inline:" + Key30 + "|2^20|2:4")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^19")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^49")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^18446744073709551615")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|1000")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + " UNENCRYPTED_SRTP")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + " UNENCRYPTED_SRTCP")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + " WSH=64 UNAUTHENTICATED_SRTP")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + " KDR=1")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + " FEC_ORDER=FEC_SRTP")]
    public void Line_ThatWeCannotDo_IsAsGoodAsAbsent(string line)
    {
        SdpCrypto.TryRead(Bytes("crypto:" + line), out _, out var master).ShouldBeFalse();
        master.IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Lines_OfAnOffer_FirstUsableOneIsChosen()
    {
        var view = Parse(Offer("RTP/SAVP", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30 + "|2^20|1:4",
            "a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:" + Key46, "a=crypto:3 AEAD_AES_256_GCM inline:" + Key44));
        view.TryFindCrypto(out var tag, out var master).ShouldBeTrue();
        (tag, master.Suite).ShouldBe((2, SrtpSuite.Cm256Sha80));
    }

    [Theory]
    [InlineData("RTP/AVP", false, false)]
    [InlineData("RTP/SAVP", true, false)]
    [InlineData("rtp/savpf", true, false)]
    [InlineData("UDP/TLS/RTP/SAVPF", false, true)]
    public void Protocol_OfTheStream_TellsHowItIsSecured(string protocol, bool isSecure, bool isDtls)
    {
        var view = Parse(Offer(protocol));
        (view.Audio.IsSecure, view.Audio.IsDtls).ShouldBe((isSecure, isDtls));
    }

    [Fact]
    public void Offer_WrittenSecure_HoldsEverySuiteWithAKeyOfItsOwnAndNothingOfThePeers()
    {
        var keys = SrtpLocal.Make();
        var text = Write(Offer("RTP/SAVP", "a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" + Key30, "k=clear:x",
            "a=fingerprint:sha-1 AA:BB", "a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30), keys);
        text.ShouldContain("m=audio 30000 RTP/SAVP 0\r\n");
        var lines = Regex.Matches(text, "a=crypto:(\\d) (\\S+) inline:(\\S+)\r\n");
        lines.Select(line => line.Groups[1].Value).ShouldBe(["1", "2", "3", "4", "5", "6"]);
        lines.Select(line => line.Groups[3].Value).Distinct().Count().ShouldBe(6);
        foreach (var secret in new[] { Key30, "k=clear", "fingerprint", "acap" }) text.ShouldNotContain(secret);
        foreach (Match line in lines)
        {
            var suite = SrtpSuites.Find(Bytes(line.Groups[2].Value));
            Convert.FromBase64String(line.Groups[3].Value).ShouldBe(keys.KeyOf(suite).Bytes.ToArray());
        }
    }

    [Fact]
    public void Answer_WrittenSecure_HoldsTheChosenLineAlone()
    {
        var keys = SrtpLocal.Make();
        keys.Choose(SrtpSuite.Cm128Sha32, 7);
        var text = Write(Offer("RTP/AVPF"), keys);
        text.ShouldContain("m=audio 30000 RTP/SAVPF 0\r\n");
        Regex.Count(text, "a=crypto:").ShouldBe(1);
        text.ShouldContain("a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:");
    }

    [Fact]
    public void Stream_WrittenPlain_LosesItsKeys()
    {
        var text = Write(Offer("RTP/SAVPF", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key30), default);
        text.ShouldContain("m=audio 30000 RTP/AVPF 0\r\n");
        text.ShouldNotContain("crypto");
    }

    [Fact]
    public void Version_WithOtherKeys_GrowsAndWithTheSameDoesNot()
    {
        var view = Parse(Offer("RTP/AVP"));
        var origin = new SdpOrigin(1);
        var keys = SrtpLocal.Make();
        var versions = new List<ulong>();
        foreach (var used in new[] { keys, keys, SrtpLocal.Make(), default })
        {
            SdpRewriter.Write(view, Local, used, ref origin, new byte[2048], out _).ShouldBeOk();
            versions.Add(origin.Version);
        }
        versions.ShouldBe([1, 1, 2, 3]);
    }

    private static Core.Net.IpEndpoint Local => RelayHarness.Endpoint("192.0.2.10", 30_000);

    private static string Offer(string protocol, params string[] lines) =>
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + $"m=audio 4000 {protocol} 0\r\n" + string.Concat(lines.Select(line => line + "\r\n"));

    private static SdpView Parse(string sdp)
    {
        var view = new SdpView();
        view.Parse(Bytes(sdp)).ShouldBeOk();
        return view;
    }

    private static string Write(string sdp, SrtpLocal keys)
    {
        var destination = new byte[4096];
        var origin = new SdpOrigin(1);
        SdpRewriter.Write(Parse(sdp), Local, keys, ref origin, destination, out var length).ShouldBeOk();
        return Encoding.Latin1.GetString(destination, 0, length);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
