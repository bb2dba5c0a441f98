using CallTracker.Media.Recording;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Recording;

/// <summary>What payload types mean, by the SDP or by RFC 3551.</summary>
public sealed class AudioFormatsTests
{
    [Theory]
    [InlineData("0 8 101", "101 telephone-event/8000", 0, RecordedCodec.MuLaw)]
    [InlineData("0 8 101", "101 telephone-event/8000", 8, RecordedCodec.ALaw)]
    [InlineData("0 8 101", "101 telephone-event/8000", 13, RecordedCodec.ComfortNoise)]
    [InlineData("0 8 101", "101 telephone-event/8000", 101, RecordedCodec.Event)]
    [InlineData("0 8 101", "101 telephone-event/8000", 9, RecordedCodec.G722)]
    [InlineData("96", "96 pcmu/8000", 96, RecordedCodec.MuLaw)]
    [InlineData("97", "97 PCMA/8000", 97, RecordedCodec.ALaw)]
    [InlineData("97", "97 PCMA/16000", 97, RecordedCodec.Other)]
    [InlineData("111 110", "111 opus/48000/2", 111, RecordedCodec.Opus)]
    [InlineData("111", "111 opus/48000", 111, RecordedCodec.Other)]
    [InlineData("96", "96 L16/8000", 96, RecordedCodec.L16Narrow)]
    [InlineData("96", "96 L16/16000/1", 96, RecordedCodec.L16Wide)]
    [InlineData("96", "96 L16/16000/2", 96, RecordedCodec.Other)]
    [InlineData("9", "9 telephone-event/8000", 9, RecordedCodec.Event)]
    [InlineData("18", "18 G729/8000", 18, RecordedCodec.Other)]
    [InlineData("111 110", "110 telephone-event/48000", 110, RecordedCodec.Event)]
    [InlineData("0", "0 G722/8000", 0, RecordedCodec.G722)]
    public void PayloadType_BySdp_IsWhatItSays(string formats, string map, byte type, RecordedCodec codec)
    {
        var view = new SdpView();
        view.Parse(System.Text.Encoding.ASCII.GetBytes(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            + $"m=audio 4000 RTP/AVP {formats}\r\na=rtpmap:{map}\r\na=ptime:20\r\n")).ShouldBeOk();
        view.Audio.RecordedFormats.CodecOf(type).ShouldBe(codec);
    }
}
