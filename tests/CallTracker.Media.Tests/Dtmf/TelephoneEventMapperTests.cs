using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>Events of one clock turned into those of another.</summary>
public sealed class TelephoneEventMapperTests
{
    private TelephoneEventMapper _mapper;

    [Theory]
    [InlineData(8000, 16_000)]
    [InlineData(8000, 48_000)]
    [InlineData(16_000, 8000)]
    [InlineData(48_000, 8000)]
    [InlineData(48_000, 16_000)]
    [InlineData(8000, 8000)]
    public void Duration_InAnotherClock_IsTheSameTime(int clockIn, int clockOut)
    {
        for (var ms = 20; ms <= 1000; ms += 20)
        {
            var (value, timestamp) = Map(5, 777, (ushort)(ms * clockIn / 1000), clockIn, clockOut, begin: 4000);
            (value.Duration, timestamp).ShouldBe(((ushort)(ms * clockOut / 1000), 4000u));
        }
    }

    // 65535 at 8 kHz are 8.19 s; at 48 kHz that is six segments.
    [Fact]
    public void LongEvent_IntoAFasterClock_IsCutIntoSegments()
    {
        for (var ms = 20; ms <= 8000; ms += 20)
        {
            var (value, timestamp) = Map(5, 777, (ushort)(ms * 8), 8000, 48_000, begin: 1);
            ((timestamp - 1) % 0xffff).ShouldBe(0u);
            (timestamp - 1 + value.Duration).ShouldBe((uint)ms * 48);
            value.Duration.ShouldBeGreaterThan((ushort)0);
        }
    }

    [Fact]
    public void Segments_IntoASlowerClock_AreOneEvent()
    {
        Map(5, 1000, 0xffff, 48_000, 8000, begin: 50).Timestamp.ShouldBe(50u);
        var (value, timestamp) = Map(5, 1000 + 0xffff, 4800, 48_000, 8000, begin: 99_999);
        (value.Duration, timestamp).ShouldBe(((ushort)((0xffff + 4800) / 6), 50u));
    }

    [Fact]
    public void NextEvent_OfTheSameKey_HasItsOwnBeginning()
    {
        Map(5, 1000, 800, 8000, 16_000, begin: 50, isEnd: true);
        Map(5, 3000, 160, 8000, 16_000, begin: 6000).Timestamp.ShouldBe(6000u);
        var late = new TelephoneEvent(5, true, 10, 800);
        var timestamp = 1000u;
        _mapper.TryMap(ref late, ref timestamp, 8000, 16_000, 7000).ShouldBeFalse("it belongs to the event before");
    }

    private (TelephoneEvent Value, uint Timestamp) Map(
        byte code, uint timestamp, ushort duration, int clockIn, int clockOut, uint begin, bool isEnd = false)
    {
        var value = new TelephoneEvent(code, isEnd, 10, duration);
        _mapper.TryMap(ref value, ref timestamp, clockIn, clockOut, begin).ShouldBeTrue();
        (value.Code, value.IsEnd, value.Volume).ShouldBe((code, isEnd, (byte)10));
        return (value, timestamp);
    }
}
