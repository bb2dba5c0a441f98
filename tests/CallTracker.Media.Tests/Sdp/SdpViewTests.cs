using System.Text;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>What is read from an SDP, and why one is refused.</summary>
public sealed class SdpViewTests
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\n";
    private const string Connection = "c=IN IP4 10.0.0.1\r\n";
    private const string Audio = "t=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

    public static TheoryData<string, string, SdpParseResult> Refusals => new()
    {
        { "nothing", "", SdpParseResult.Empty },
        { "other text", "hello", SdpParseResult.NotSdp },
        { "other version", "v=1\r\n", SdpParseResult.NotSdp },
        { "no media", Head + Connection, SdpParseResult.NoUsableAudio },
        { "port 0", Head + Connection + "m=audio 0 RTP/AVP 0\r\n", SdpParseResult.NoUsableAudio },
        { "video only", Head + Connection + "m=video 4000 RTP/AVP 31\r\n", SdpParseResult.NoUsableAudio },
        { "raw UDP", Head + Connection + "m=audio 4000 udp 0\r\n", SdpParseResult.UnknownProtocol },
        { "TCP", Head + Connection + "m=audio 4000 TCP/RTP/AVP 0\r\n", SdpParseResult.UnknownProtocol },
        { "no c=", Head + Audio, SdpParseResult.MissingConnection },
        { "host name", Head + "c=IN IP4 pbx.example.com\r\n" + Audio, SdpParseResult.HostName },
        { "multicast", Head + "c=IN IP4 224.2.1.1/127\r\n" + Audio, SdpParseResult.BadConnection },
        { "multicast without ttl", Head + "c=IN IP4 224.2.1.1\r\n" + Audio, SdpParseResult.BadConnection },
        { "octet too big", Head + "c=IN IP4 10.0.0.256\r\n" + Audio, SdpParseResult.BadConnection },
        { "wrong family", Head + "c=IN IP6 10.0.0.1\r\n" + Audio, SdpParseResult.BadConnection },
        { "other net", Head + "c=ATM NSAP 47.01\r\n" + Audio, SdpParseResult.BadConnection },
        { "empty c=", Head + "c=\r\n" + Audio, SdpParseResult.BadConnection },
        { "scope", Head + "c=IN IP6 fe80::1%eth0\r\n" + Audio, SdpParseResult.BadConnection },
        { "port too big", Head + Connection + "m=audio 65536 RTP/AVP 0\r\n", SdpParseResult.BadMediaLine },
        { "negative port", Head + Connection + "m=audio -1 RTP/AVP 0\r\n", SdpParseResult.BadMediaLine },
        { "signed port", Head + Connection + "m=audio +1 RTP/AVP 0\r\n", SdpParseResult.BadMediaLine },
        { "port with tail", Head + Connection + "m=audio 4000x RTP/AVP 0\r\n", SdpParseResult.BadMediaLine },
        { "no formats", Head + Connection + "m=audio 4000 RTP/AVP\r\n", SdpParseResult.BadMediaLine },
        { "no protocol", Head + Connection + "m=audio 4000\r\n", SdpParseResult.BadMediaLine },
        { "empty m=", Head + Connection + "m=\r\n", SdpParseResult.BadMediaLine },
        { "no equals", Head + "hello\r\n" + Connection + Audio, SdpParseResult.BadLine },
        { "upper case type", Head + "X=1\r\n" + Connection + Audio, SdpParseResult.BadLine },
        { "one letter", Head + Connection + Audio + "a", SdpParseResult.BadLine },
        { "lone CR", Head + Connection + Audio + "a=x\rc=IN IP4 10.6.6.6\r\n", SdpParseResult.BadLine },
        { "NUL", Head + Connection + Audio + "a=x\0c=IN IP4 10.6.6.6\r\n", SdpParseResult.BadLine },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Parse_OfWhatCannotBeRelayed_NamesTheReason(string name, string sdp, SdpParseResult result)
    {
        var view = new SdpView();
        view.Parse(Encoding.Latin1.GetBytes(sdp)).ShouldBe(result, name);
        view.AudioIndex.ShouldBe(-1);
    }

    [Fact]
    public void Parse_OfATrunkOffer_ReadsTheStream()
    {
        var view = Parse(GoldenFile.ReadText("trunk-offer.in.sdp"));
        (view.MediaCount, view.AudioIndex).ShouldBe((1, 0));
        view.Audio.Rtp.ToString().ShouldBe("10.20.30.40:16384");
        view.Audio.Rtcp.ToString().ShouldBe("10.20.30.40:16385");
        (view.Audio.PtimeMs, view.Audio.RtcpMux, view.Audio.Direction).ShouldBe((20, false, SdpDirection.SendRecv));
        (view.Audio.FirstPayloadType, view.Audio.ClockRateHz).ShouldBe((0, 8000));
        view.Formats(0).SequenceEqual("0 8 18 101"u8).ShouldBeTrue();
        view.TryFindFormat(0, 101, out var name, out var clockRateHz).ShouldBeTrue();
        (name.SequenceEqual("telephone-event"u8), clockRateHz).ShouldBe((true, 8000));
        view.TryFindFormat(0, 96, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Parse_OfSeveralStreams_ChoosesTheFirstUsableAudio()
    {
        var view = Parse(GoldenFile.ReadText("video-and-fax.in.sdp"));
        (view.MediaCount, view.AudioIndex).ShouldBe((4, 2));
        view.Audio.Rtp.ToString().ShouldBe("10.1.1.3:49170");
        view.Audio.Rtcp.ToString().ShouldBe("10.1.1.9:53020");
        view.Audio.Direction.ShouldBe(SdpDirection.SendOnly, "given for the session");
        view.Protocol(2).SequenceEqual("RTP/SAVP"u8).ShouldBeTrue();
        view.MediaType(3).SequenceEqual("image"u8).ShouldBeTrue();
        view.Media(1).Port.ShouldBe((ushort)0);
    }

    [Fact]
    public void Parse_OfIpv6WithMux_ReadsAddressAndClock()
    {
        var view = Parse(GoldenFile.ReadText("ipv6-mux.in.sdp"));
        view.Audio.Rtp.ToString().ShouldBe("[2001:db8::77]:9000");
        (view.Audio.RtcpMux, view.Audio.Rtcp.Port, view.Audio.ClockRateHz).ShouldBe((true, (ushort)9000, 48_000));
    }

    [Theory]
    [InlineData("a=sendrecv", "0.0.0.0", SdpDirection.SendOnly)]
    [InlineData("a=sendonly", "0.0.0.0", SdpDirection.SendOnly)]
    [InlineData("a=recvonly", "0.0.0.0", SdpDirection.Inactive)]
    [InlineData("a=inactive", "0.0.0.0", SdpDirection.Inactive)]
    [InlineData("a=recvonly", "10.0.0.1", SdpDirection.RecvOnly)]
    [InlineData("a=sendrecvx", "10.0.0.1", SdpDirection.SendRecv)]
    public void Direction_ByAttributeAndAddress_IsWhatIsInEffect(string line, string address, SdpDirection direction)
    {
        var view = Parse($"v=0\r\nc=IN IP4 {address}\r\nm=audio 4000 RTP/AVP 0\r\n{line}\r\n");
        view.Audio.Direction.ShouldBe(direction);
        view.Audio.IsHeldByAddress.ShouldBe(address == "0.0.0.0");
    }

    [Theory]
    [InlineData("a=rtcp:x", 4001)]
    [InlineData("a=rtcp:70000", 4001)]
    [InlineData("a=rtcp:5000 IN IP4 name.example", 5000)]
    [InlineData("a=ptime:abc", 4001)]
    [InlineData("a=ptime:-20", 4001)]
    [InlineData("a=ptime:99999999999", 4001)]
    [InlineData("a=rtpmap:0", 4001)]
    [InlineData("a=rtpmap:0 /8000", 4001)]
    [InlineData("a=rtpmap:0 X/0", 4001)]
    [InlineData("a=", 4001)]
    public void Attribute_ThatIsMalformed_IsAsGoodAsAbsent(string line, int rtcpPort)
    {
        var view = Parse(Head + Connection + Audio + line + "\r\n");
        (view.Audio.Rtcp.Port, view.Audio.PtimeMs, view.Audio.ClockRateHz).ShouldBe(((ushort)rtcpPort, 0, 8000));
    }

    [Fact]
    public void Parse_WithPlainLineEndsOrNoneAtTheEnd_IsTheSame()
    {
        var text = GoldenFile.ReadText("trunk-offer.in.sdp");
        Parse(text.ReplaceLineEndings("\n")).Audio.PtimeMs.ShouldBe(20);
        Parse(text.TrimEnd()).Audio.Rtp.Port.ShouldBe((ushort)16384);
        Parse(text + "\r\n\r\n").MediaCount.ShouldBe(1);
    }

    [Fact]
    public void Parse_AtItsBounds_TakesTheLastThatFits()
    {
        const string Stream = "m=audio 4000 RTP/AVP 0\r\n";
        var streams = Head + Connection + string.Concat(Enumerable.Repeat(Stream, SdpView.MediaMax));
        Parse(streams).MediaCount.ShouldBe(SdpView.MediaMax);
        new SdpView().Parse(Encoding.Latin1.GetBytes(streams + Stream))
            .ShouldBe(SdpParseResult.TooManyMedia);
        var padded = (Head + Connection + Audio).PadRight(SdpView.BytesMax - 2);
        Parse(padded.TrimEnd() + "\r\na=" + new string('x', SdpView.BytesMax - padded.TrimEnd().Length - 4));
        new SdpView().Parse(new byte[SdpView.BytesMax + 1]).ShouldBe(SdpParseResult.TooLong);
    }

    [Fact]
    public void View_Reused_KeepsNothingOfTheLast()
    {
        var view = Parse(GoldenFile.ReadText("video-and-fax.in.sdp"));
        view.Parse(GoldenFile.Read("trunk-offer.in.sdp")).ShouldBe(SdpParseResult.Ok);
        (view.MediaCount, view.AudioIndex, view.Audio.Direction).ShouldBe((1, 0, SdpDirection.SendRecv));
        view.Audio.Rtcp.Port.ShouldBe((ushort)16385);
        view.Parse("v=0"u8).ShouldBe(SdpParseResult.NoUsableAudio);
        (view.MediaCount, view.AudioIndex).ShouldBe((0, -1));
    }

    private static SdpView Parse(string sdp)
    {
        var view = new SdpView();
        view.Parse(Encoding.Latin1.GetBytes(sdp)).ShouldBe(SdpParseResult.Ok);
        return view;
    }

    // More a=rtpmap lines than are kept: those beyond are looked for in the text, and of two for one the first counts.
    [Fact]
    public void Formats_OfManyMapsAndTwoStreams_AreEachFound()
    {
        var lines = Enumerable.Range(0, 128).Select(type => $"a=rtpmap:{type} X{type}/{8000 + type}\r\n");
        var second = "m=audio 4002 RTP/AVP 5\r\na=rtpmap:5 OTHER/16000\r\na=rtpmap:5 LATE/32000\r\n";
        var view = new SdpView();
        var text = Head + Connection + "t=0 0\r\nm=audio 4000 RTP/AVP 127\r\n" + string.Concat(lines) + second;
        view.Parse(Encoding.ASCII.GetBytes(text)).ShouldBe(SdpParseResult.Ok);
        for (var type = 0; type < 128; type++)
        {
            view.TryFindFormat(0, type, out var name, out var clockRateHz).ShouldBeTrue();
            (Encoding.ASCII.GetString(name), clockRateHz).ShouldBe(($"X{type}", 8000 + type));
        }
        view.TryFindFormat(1, 5, out var other, out var otherHz).ShouldBeTrue();
        (Encoding.ASCII.GetString(other), otherHz).ShouldBe(("OTHER", 16_000));
    }
}
