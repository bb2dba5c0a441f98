using System.Text;
using CallTracker.Media.Sdp;
using Shouldly;
using Xunit;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>Which formats of an SDP are left for a trunk.</summary>
public sealed class CodecFilterTests
{
    private const string Session = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

    [Theory]
    [InlineData("0 8", "pcmu", "0")]
    [InlineData("8 0", "pcmu pcma", "=")]
    [InlineData("0 8 18 13 101", "g729", "18 13 101")]
    [InlineData("96 97 101", "opus", "96 101")]
    [InlineData("96 97 101", "amr-wb pcmu", "97 101")]
    [InlineData("0 8", "opus", "none")]
    [InlineData("0 13 101", "opus", "none")]
    [InlineData("13 101", "pcmu", "none")]
    [InlineData("0 77 x", "pcmu", "0")]
    [InlineData("0", "", "none")]
    public void Write_AllowedList_KeepsThoseAndTheirCompanions(string formats, string allowed, string expected)
    {
        var sdp = Sdp(formats);
        var result = Run(sdp, allowed, out var text);
        if (expected == "=") result.ShouldBe(CodecFilterResult.AllKept);
        else if (expected == "none") result.ShouldBe(CodecFilterResult.NoneLeft);
        else text.ShouldContain($"m=audio 40000 RTP/AVP {expected}\r\n");
    }

    [Fact]
    public void Write_RemovedFormats_TakeTheirAttributesAlong()
    {
        Run(Sdp("96 97 101"), "opus", out var text).ShouldBe(CodecFilterResult.Reduced);
        text.ShouldBe(Session
            + "m=audio 40000 RTP/AVP 96 101\r\na=rtpmap:96 Opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
            + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\na=rtcp-fb:* nack\r\n"
            + "m=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n");
    }

    [Fact]
    public void Write_TooSmallADestination_IsOverflow()
    {
        var view = Parse(Sdp("0 8"));
        CodecFilter.Write(view, Allowed("pcmu"), new byte[40], out var length).ShouldBe(CodecFilterResult.Overflow);
        length.ShouldBe(0);
    }

    [Fact]
    public void Write_EveryPrefixOfAnSdp_NeverThrowsAndStaysParsable()
    {
        var whole = Encoding.ASCII.GetBytes(Sdp("96 97 0 101"));
        var (view, again, destination) = (new SdpView(), new SdpView(), new byte[SdpView.BytesMax]);
        for (var length = 0; length <= whole.Length; length++)
        {
            if (view.Parse(whole.AsSpan(0, length)) != SdpParseResult.Ok) continue;
            var result = CodecFilter.Write(view, Allowed("pcmu"), destination, out var written);
            if (result != CodecFilterResult.Reduced) continue;
            again.Parse(destination.AsSpan(0, written)).ShouldBe(SdpParseResult.Ok);
            CodecFilter.Write(again, Allowed("pcmu"), destination, out _).ShouldBe(CodecFilterResult.AllKept);
        }
    }

    [Fact]
    public void Write_Always_AllocatesNothing()
    {
        var (view, allowed, destination) = (Parse(Sdp("96 97 101")), Allowed("opus"), new byte[2000]);
        CodecFilter.Write(view, allowed, destination, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) CodecFilter.Write(view, allowed, destination, out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static CodecFilterResult Run(string sdp, string allowed, out string text)
    {
        var destination = new byte[SdpView.BytesMax];
        var result = CodecFilter.Write(Parse(sdp), Allowed(allowed), destination, out var length);
        text = Encoding.ASCII.GetString(destination, 0, length);
        return result;
    }

    private static byte[][] Allowed(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.ASCII.GetBytes)];

    private static SdpView Parse(string sdp)
    {
        var view = new SdpView();
        view.Parse(Encoding.ASCII.GetBytes(sdp)).ShouldBe(SdpParseResult.Ok);
        return view;
    }

    private static string Sdp(string formats) => Session
        + $"m=audio 40000 RTP/AVP {formats}\r\na=rtpmap:96 Opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
        + "a=rtpmap:97 AMR-WB/16000\r\na=fmtp:97 octet-align=1\r\na=rtcp-fb:97 nack\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\na=rtcp-fb:* nack\r\n"
        + "m=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n";
}
