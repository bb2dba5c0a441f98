using CallTracker.Media.Rtp;

namespace CallTracker.Media.Tests.Rtp;

/// <summary>Reports written and read back, and what is no report.</summary>
public sealed class RtcpReportTests
{
    private static readonly RtcpReportBlock Block = new(0x1111_2222, 64, -3, 0x0001_fff0, 77, 0xaabb_ccdd, 65_536);
    private static readonly RtcpSenderInfo Info = new(0x0102_0304_0506_0708, 99, 1000, 160_000);

    [Theory]
    [InlineData(true, true, 72)]
    [InlineData(true, false, 48)]
    [InlineData(false, true, 52)]
    [InlineData(false, false, 28)]
    public void Compound_Written_IsReadBack(bool isSender, bool hasBlock, int length)
    {
        var compound = Write(isSender, hasBlock);
        compound.Length.ShouldBe(length);
        (compound.Length % 4).ShouldBe(0);
        MediaDemux.IsWholeRtcp(compound).ShouldBeTrue();
        var reader = new RtcpReportReader(compound);
        reader.TryNext().ShouldBeTrue();
        (reader.IsSender, reader.BlockCount).ShouldBe((isSender, hasBlock ? 1 : 0));
        if (isSender) reader.NtpMiddle.ShouldBe(0x0304_0506U);
        if (hasBlock) reader.Block(0).ShouldBe(Block);
        reader.TryNext().ShouldBeFalse("the rest is the name");
    }

    [Fact]
    public void Compound_OfOneSource_HasTheNameThatHidingGivesIt()
    {
        var compound = Write(isSender: true, hasBlock: true);
        var hidden = compound.ToArray();
        RtcpNames.Hide(hidden);
        hidden.ShouldBe(compound);
    }

    [Fact]
    public void Reader_OfEveryPrefix_ReadsNoByteBeyondIt()
    {
        var compound = Write(isSender: true, hasBlock: true);
        for (var cut = 0; cut < compound.Length; cut++)
        {
            var reader = new RtcpReportReader(compound.AsSpan(0, cut).ToArray());
            var found = reader.TryNext();
            found.ShouldBe(cut >= 52, $"cut at {cut}");
        }
    }

    [Fact]
    public void Reader_OfRandomBytes_EndsAndNeverThrows()
    {
        var random = new Random(5);
        var bytes = new byte[200];
        var found = 0;
        for (var run = 0; run < 20_000; run++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(0x80 | (bytes[0] & 0x3f));
            bytes[1] = (byte)(200 + (bytes[1] & 1));
            bytes[2] = 0;
            bytes[3] &= 0x3f;
            var reader = new RtcpReportReader(bytes.AsSpan(0, random.Next(bytes.Length)));
            while (reader.TryNext())
            {
                found++;
                for (var i = 0; i < reader.BlockCount; i++) _ = reader.Block(i);
                if (reader.IsSender) _ = reader.NtpMiddle;
            }
        }
        found.ShouldBeGreaterThan(100, "the control: some are reports");
    }

    [Theory]
    [InlineData(8_388_607, 8_388_607)]
    [InlineData(9_000_000, 8_388_607)]
    [InlineData(-8_388_608, -8_388_608)]
    [InlineData(-9_000_000, -8_388_608)]
    [InlineData(-1, -1)]
    public void Losses_BeyondTheFieldOf24Bits_StopAtItsEnds(int lost, int read)
    {
        var bytes = new byte[RtcpReportBlock.Length];
        (Block with { Lost = lost }).Write(bytes);
        RtcpReportBlock.Read(bytes).ShouldBe(Block with { Lost = read });
    }

    [Fact]
    public void Ntp_OfMilliseconds_HasTheirFraction()
    {
        RtcpSenderInfo.NtpOf(1500).ShouldBe((1UL << 32) | 0x8000_0000UL);
        var wrapped = Info with { Ntp = RtcpSenderInfo.NtpOf(65_536_250) };
        wrapped.NtpMiddle.ShouldBe(0x0000_4000U, "seconds wrap at 16 bits");
    }

    private static byte[] Write(bool isSender, bool hasBlock)
    {
        var buffer = new byte[RtcpReportWriter.LengthMax];
        var length = RtcpReportWriter.Write(buffer, 0x5151_5151, isSender ? Info : null, hasBlock ? Block : null);
        return buffer[..length];
    }
}
