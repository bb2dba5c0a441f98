using System.Text;
using CallTracker.Core.Net;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>What the other leg gets to see.</summary>
public sealed class SdpRewriterTests
{
    private static readonly IpEndpoint Local = RelayHarness.Endpoint("192.0.2.10", 30_000);

    public static TheoryData<string> Names => [.. GoldenFile.Inputs().Select(name => name[..^".in.sdp".Length])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OfAGoldenInput_GivesItsGoldenOutput(string name)
    {
        var origin = new SdpOrigin(4711);
        Write(GoldenFile.ReadText(name + ".in.sdp"), ref origin).ShouldBe(GoldenFile.ReadText(name + ".out.sdp"));
    }

    [Fact]
    public void Write_IntoEveryTooSmallDestination_SaysOverflowAndKeepsTheOrigin()
    {
        var view = new SdpView();
        view.Parse(GoldenFile.Read("video-and-fax.in.sdp"));
        var wanted = GoldenFile.Read("video-and-fax.out.sdp").Length;
        for (var size = 0; size < wanted; size++)
        {
            var origin = new SdpOrigin(4711);
            SdpRewriter.Write(view, Local, ref origin, new byte[size], out var length)
                .ShouldBe(SdpRewriteResult.Overflow);
            (length, origin.Version).ShouldBe((0, 0UL));
        }
        var last = new SdpOrigin(4711);
        SdpRewriter.Write(view, Local, ref last, new byte[wanted], out var written).ShouldBe(SdpRewriteResult.Ok);
        written.ShouldBe(wanted);
    }

    [Fact]
    public void Write_OfAViewThatDidNotParse_SaysNotUsable()
    {
        var view = new SdpView();
        view.Parse("v=0\r\n"u8);
        var origin = new SdpOrigin(1);
        SdpRewriter.Write(view, Local, ref origin, new byte[500], out _).ShouldBe(SdpRewriteResult.NotUsable);
    }

    [Fact]
    public void Version_OfTheSameContent_StaysAndOfAnotherGrows()
    {
        const string Offer = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n";
        var origin = new SdpOrigin(9);
        Write(Offer, ref origin).ShouldContain("o=- 9 1 IN IP4 192.0.2.10\r\n");
        Write(Offer.Replace("o=- 1 1", "o=- 1 2", StringComparison.Ordinal), ref origin).ShouldContain("o=- 9 1 ");
        Write(Offer + "a=sendonly\r\n", ref origin).ShouldContain("o=- 9 2 ");
        Write(Offer, ref origin).ShouldContain("o=- 9 3 ");
        Write(Offer, ref origin, Local.WithPort(30_002)).ShouldContain("o=- 9 4 ");
    }

    [Fact]
    public void Write_ForAnIpv6Leg_SaysSo()
    {
        var origin = new SdpOrigin(9);
        var local = RelayHarness.Endpoint("2001:db8::10", 30_000);
        var written = Write(GoldenFile.ReadText("trunk-offer.in.sdp"), ref origin, local);
        written.ShouldContain("o=- 9 1 IN IP6 2001:db8::10\r\n");
        written.ShouldContain("c=IN IP6 2001:db8::10\r\n");
    }

    [Fact]
    public void Write_OfLinesWithPlainEnds_PassesThemByteForByte()
    {
        var origin = new SdpOrigin(9);
        Write("v=0\nc=IN IP4 10.0.0.1\nb=AS:64\nm=audio 4000 RTP/AVP 0\na=odd \t\u00e9 x", ref origin)
            .ShouldBe("v=0\r\no=- 9 1 IN IP4 192.0.2.10\r\nc=IN IP4 192.0.2.10\r\nb=AS:64\n"
                + "m=audio 30000 RTP/AVP 0\r\na=odd \t\u00e9 x\r\n");
    }

    [Theory]
    [InlineData("a=x:10.0.0.1", true)]
    [InlineData("a=x:10.0.0.1:5060", true)]
    [InlineData("a=x:host10.0.0.1x", true)]
    [InlineData("a=x:1.10.0.0.1", true)]
    [InlineData("a=x:fe80::1", true)]
    [InlineData("a=x:[2001:db8:0:0:0:0:0:1]", true)]
    [InlineData("a=x:1:2:3:4:5:6:7:8", true)]
    [InlineData("a=x:::ffff:10.0.0.1", true)]
    [InlineData("a=tool:4.10.2", false)]
    [InlineData("a=fmtp:96 mode-set=0,2,4,7; octet-align=1", false)]
    [InlineData("a=fingerprint:md5 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B", false)]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj", false)]
    [InlineData("a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid", false)]
    [InlineData("t=3034423619 3042462419", false)]
    public void AddressScan_OfALine_FindsAddressesAndLeavesTheRest(string line, bool found) =>
        AddressScan.Contains(Encoding.Latin1.GetBytes(line)).ShouldBe(found);

    [Theory]
    [InlineData("a=x-cap:g711-hd", true)]
    [InlineData("a=X-rate:1.5 8000", true)]
    [InlineData("a=x-flag", true)]
    [InlineData("a=unheard-of:7", true)]
    [InlineData("a=x-pbx:10.0.0.1", false)]
    [InlineData("a=x-pbx:[fe80::1]:5060", false)]
    [InlineData("a=x-pbx:gw.inside.example", false)]
    [InlineData("a=x-pbx:a@b", false)]
    [InlineData("a=X-Nat:pbx1", false)]
    [InlineData("a=x-rtp-server:pbx1", false)]
    [InlineData("a=x-localaddr:0a000001", false)]
    public void Write_OfAnAttributeNobodyDefined_PassesItUnlessItMayNameAPlace(string line, bool passes)
    {
        var origin = new SdpOrigin(9);
        var written = Write($"v=0\r\nc=IN IP4 10.0.0.9\r\n{line}\r\nm=audio 4000 RTP/AVP 0\r\n{line}\r\n", ref origin);
        written.Split(line + "\r\n").Length.ShouldBe(passes ? 3 : 1);
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0\r\n", "m=audio 0 RTP/AVP 0\r\n")]
    [InlineData(
        "m=audio 0 RTP/AVP 0\r\na=x:10.0.0.1\r\nm=video 7000 RTP/AVP 96\r\n",
        "m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n")]
    [InlineData("m=video 7000 RTP/AVP 96\r\n", "m=video 0 RTP/AVP 96\r\n")]
    public void WriteRefusal_OfSdpWithoutAudio_KeepsItsStreamsWithPortZero(string streams, string written)
    {
        var view = new SdpView();
        view.Parse(Encoding.ASCII.GetBytes("v=0\r\ns=-\r\nc=IN IP4 10.0.0.1\r\n" + streams));
        view.IsRefusal.ShouldBeTrue();
        var origin = new SdpOrigin(9);
        var output = new byte[500];
        SdpRewriter.WriteRefusal(view, Local, ref origin, output, out var length).ShouldBe(SdpRewriteResult.Ok);
        Encoding.ASCII.GetString(output, 0, length)
            .ShouldBe("v=0\r\no=- 9 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\n" + written);
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 0\r\n")]
    [InlineData("m=audio 4000 TCP/X 0\r\n")]
    [InlineData("")]
    [InlineData("m=audio x RTP/AVP 0\r\n")]
    public void WriteRefusal_OfAnythingElse_SaysNotUsable(string streams)
    {
        var view = new SdpView();
        view.Parse(Encoding.ASCII.GetBytes("v=0\r\ns=-\r\nc=IN IP4 10.0.0.1\r\n" + streams));
        var origin = new SdpOrigin(9);
        SdpRewriter.WriteRefusal(view, Local, ref origin, new byte[500], out _).ShouldBe(SdpRewriteResult.NotUsable);
    }

    private static string Write(string sdp, ref SdpOrigin origin, IpEndpoint? local = null)
    {
        var view = new SdpView();
        view.Parse(Encoding.Latin1.GetBytes(sdp)).ShouldBe(SdpParseResult.Ok);
        var destination = new byte[4096];
        SdpRewriter.Write(view, local ?? Local, ref origin, destination, out var length)
            .ShouldBe(SdpRewriteResult.Ok);
        return Encoding.Latin1.GetString(destination, 0, length);
    }
}
