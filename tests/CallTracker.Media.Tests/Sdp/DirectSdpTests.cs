using System.Text;
using CallTracker.Core.Net;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>What the other leg of a direct call gets to see.</summary>
public sealed class DirectSdpTests
{
    private const string Offer =
        "v=0\r\no=0311112222 5 6 IN IP4 10.0.0.1\r\ns=Taro's phone\r\ni=desk\r\nu=http://x\r\ne=t@x\r\np=+81 3\r\n" +
        "c=IN IP4 203.0.113.9\r\nb=AS:80\r\nt=0 0\r\na=group:BUNDLE 1\r\na=x-place:10.1.2.3\r\n" +
        "m=audio 4000 RTP/AVP 0 101\r\ni=mic\r\na=rtcp:4007 IN IP4 203.0.113.10\r\n" +
        "a=candidate:1 1 UDP 1 10.0.0.1 4 typ host\r\n" +
        "m=image 4002 udptl t38\r\na=T38FaxVersion:0\r\n";

    private static readonly IpEndpoint Local = RelayHarness.Endpoint("192.0.2.10", 0);

    [Fact]
    public void Write_OfAnOffer_LeavesAllButOriginAndNames()
    {
        var origin = new SdpOrigin(4711);
        Write(Offer, ref origin).ShouldBe(
            "v=0\r\no=- 4711 1 IN IP4 192.0.2.10\r\ns=-\r\n" +
            "c=IN IP4 203.0.113.9\r\nb=AS:80\r\nt=0 0\r\na=group:BUNDLE 1\r\na=x-place:10.1.2.3\r\n" +
            "m=audio 4000 RTP/AVP 0 101\r\na=rtcp:4007 IN IP4 203.0.113.10\r\n" +
            "a=candidate:1 1 UDP 1 10.0.0.1 4 typ host\r\nm=image 4002 udptl t38\r\na=T38FaxVersion:0\r\n");
    }

    [Fact]
    public void Write_OfALastLineWithoutEnd_GivesItOne()
    {
        var origin = new SdpOrigin(1);
        Write(Offer[..^2], ref origin).ShouldEndWith("a=T38FaxVersion:0\r\n");
    }

    [Fact]
    public void Version_OfWhatTheLegIsTold_GrowsWithEachChange()
    {
        var origin = new SdpOrigin(9);
        Write(Offer, ref origin);
        Write(Offer.Replace(" 5 6 ", " 5 7 ", StringComparison.Ordinal), ref origin);
        origin.Version.ShouldBe(1UL, "nothing but the peer's own version is another");
        Write(Offer.Replace("4000", "4004", StringComparison.Ordinal), ref origin).ShouldContain("o=- 9 2 ");
    }

    [Fact]
    public void Write_IntoEveryTooSmallDestination_SaysOverflowAndKeepsTheOrigin()
    {
        var view = Parsed(Offer);
        var origin = new SdpOrigin(4711);
        var wanted = Write(Offer, ref origin).Length;
        for (var size = 0; size < wanted; size++)
        {
            var small = new SdpOrigin(4711);
            DirectSdp.Write(view, Local, ref small, new byte[size], out var length).ShouldBe(SdpRewriteResult.Overflow);
            (length, small.Version).ShouldBe((0, 0UL));
        }
    }

    [Fact]
    public void Write_OfEveryPrefix_NeverThrows()
    {
        var view = new SdpView();
        var bytes = Encoding.Latin1.GetBytes(Offer);
        for (var length = 0; length <= bytes.Length; length++)
        {
            view.Parse(bytes.AsSpan(0, length));
            var origin = new SdpOrigin(1);
            _ = DirectSdp.IsPlain(view);
            _ = DirectSdp.Write(view, Local, ref origin, new byte[2000], out _);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n", false)]
    [InlineData("a=fingerprint:sha-256 AB:CD\r\n", false)]
    [InlineData("a=key-mgmt:mikey abc\r\n", false)]
    [InlineData("k=clear:abc\r\n", false)]
    [InlineData("m=video 4004 RTP/SAVP 96\r\n", false)]
    [InlineData("m=video 0 RTP/SAVP 96\r\n", true)]
    [InlineData("m=video 4004 UDP/TLS/RTP/SAVPF 96\r\n", false)]
    public void IsPlain_WhereverAKeyStands_SaysNo(string added, bool isPlain) =>
        DirectSdp.IsPlain(Parsed(Offer + added)).ShouldBe(isPlain);

    private static SdpView Parsed(string sdp)
    {
        var view = new SdpView();
        view.Parse(Encoding.Latin1.GetBytes(sdp)).ShouldBe(SdpParseResult.Ok);
        return view;
    }

    private static string Write(string sdp, ref SdpOrigin origin)
    {
        var destination = new byte[sdp.Length + 100];
        DirectSdp.Write(Parsed(sdp), Local, ref origin, destination, out var length).ShouldBe(SdpRewriteResult.Ok);
        return Encoding.Latin1.GetString(destination, 0, length);
    }
}
