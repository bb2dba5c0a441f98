using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>Codes and samples against values of ITU-T G.711's tables.</summary>
public sealed class G711Tests
{
    [Theory]
    [InlineData(0x0000, 0xff)]
    [InlineData(-1, 0x7f)]
    [InlineData(32_767, 0x80)]
    [InlineData(-32_768, 0x00)]
    [InlineData(1000, 0xce)]
    [InlineData(-1000, 0x4e)]
    public void MuLaw_OfASample_IsThatOfG711(int sample, int expected) =>
        G711.ToMuLaw((short)sample).ShouldBe((byte)expected);

    [Theory]
    [InlineData(0x0000, 0xd5)]
    [InlineData(-1, 0x55)]
    [InlineData(32_767, 0xaa)]
    [InlineData(-32_768, 0x2a)]
    [InlineData(1000, 0xfa)]
    [InlineData(-1000, 0x7a)]
    public void ALaw_OfASample_IsThatOfG711(int sample, int expected) =>
        G711.ToALaw((short)sample).ShouldBe((byte)expected);

    [Theory]
    [InlineData(0xff, 0)]
    [InlineData(0x80, 32_124)]
    [InlineData(0x00, -32_124)]
    [InlineData(0xce, 988)]
    public void MuLaw_OfACode_IsThatOfG711(int code, int expected) =>
        G711.FromMuLaw((byte)code).ShouldBe((short)expected);

    [Theory]
    [InlineData(0xd5, 8)]
    [InlineData(0x55, -8)]
    [InlineData(0xaa, 32_256)]
    [InlineData(0x2a, -32_256)]
    public void ALaw_OfACode_IsThatOfG711(int code, int expected) =>
        G711.FromALaw((byte)code).ShouldBe((short)expected);

    [Fact]
    public void Codecs_OfEverySample_ComeBackWithinAStep()
    {
        for (var sample = -32_000; sample <= 32_000; sample += 7)
        {
            var step = Math.Max(16, Math.Abs(sample) / 16);
            Math.Abs(G711.FromMuLaw(G711.ToMuLaw((short)sample)) - sample).ShouldBeLessThanOrEqualTo(step);
            Math.Abs(G711.FromALaw(G711.ToALaw((short)sample)) - sample).ShouldBeLessThanOrEqualTo(step);
        }
    }

    [Fact]
    public void Codes_DecodedAndEncoded_AreTheSame()
    {
        for (var code = 0; code < 256; code++)
        {
            G711.ToALaw(G711.FromALaw((byte)code)).ShouldBe((byte)code);
            // Both zeroes of μ-law are the sample 0, which has one code.
            if (code != 0x7f) G711.ToMuLaw(G711.FromMuLaw((byte)code)).ShouldBe((byte)code);
        }
    }

    [Fact]
    public void Frame_LongerThanItsRoom_FillsTheRoom()
    {
        var samples = new short[2];
        G711.DecodeMuLaw([0x80, 0x00, 0xff], samples).ShouldBe(2);
        samples.ShouldBe([32_124, -32_124]);
        G711.DecodeALaw([0xaa], samples).ShouldBe(1);
        samples[0].ShouldBe((short)32_256);
    }
}
