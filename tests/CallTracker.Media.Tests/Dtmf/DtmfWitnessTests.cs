using CallTracker.Media.Codecs;
using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>Our tones to spandsp's ears, and its tones to ours.</summary>
public sealed class DtmfWitnessTests
{
    private const string Keys = "0123456789*#ABCD5500";

    [Theory]
    [InlineData(DtmfTone.PcmuType)]
    [InlineData(DtmfTone.PcmaType)]
    public void OurTones_InBothCodecs_AreHeardBySpandsp(byte payloadType)
    {
        var samples = new List<short>();
        var payload = new byte[DtmfTone.FrameLength];
        var frame = new short[DtmfTone.FrameLength];
        foreach (var key in Keys)
        {
            DtmfKey.TryFromText((byte)key, out var code).ShouldBeTrue();
            for (var i = 0; i < 6; i++)
            {
                if (i < 3) DtmfTone.WriteFrame(code, i, payloadType, payload);
                else payload.AsSpan().Fill(DtmfTone.SilenceOf(payloadType));
                if (payloadType == DtmfTone.PcmaType) G711.DecodeALaw(payload, frame);
                else G711.DecodeMuLaw(payload, frame);
                samples.AddRange(frame);
            }
        }
        SpanDsp.Hear(samples.ToArray()).ShouldBe(Keys);
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(40, 40)]
    [InlineData(120, 60)]
    public void SpandspsTones_OfAnyLength_AreHeardByUs(int onMs, int offMs)
    {
        var heard = new HeardKeys();
        var detector = new DtmfDetector();
        detector.Take(SpanDsp.Play(Keys, onMs, offMs), ref heard);
        detector.Stop(ref heard);
        heard.Ended.ShouldBe(Keys);
    }
}
