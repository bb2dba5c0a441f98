using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>What a side's telephone-event packets mean (RFC 4733).</summary>
public sealed class TelephoneEventReceiverTests
{
    private readonly HeardKeys _heard = new();
    private HeardKeys _sink = null!;
    private TelephoneEventReceiver _receiver;
    private long _nowMs = 5_000;
    private int _clockHz = 8000;

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void Event_WithItsEndThreeTimes_IsOneKey(int clockHz)
    {
        _clockHz = clockHz;
        Press(5, 1000, 100);
        Press(5, 1000 + (uint)(clockHz / 5), 60);
        (_heard.Begun, _heard.Ended).ShouldBe(("55", "55"));
        _heard.DurationsMs.ShouldBe([100, 60]);
    }

    [Fact]
    public void Event_WithEveryEndLost_EndsWithTheNext()
    {
        Take(1, 1000, 160, marker: true);
        Take(1, 1000, 480);
        Take(2, 3000, 160, marker: true);
        (_heard.Begun, _heard.Ended).ShouldBe(("12", "1"));
        _heard.DurationsMs.ShouldBe([60]);
    }

    [Fact]
    public void Event_WithEveryEndLost_EndsInTime()
    {
        Take(1, 1000, 800);
        Expire(TelephoneEventReceiver.ExpiryMs - 20);
        _heard.Ended.ShouldBe("");
        Expire(20);
        _heard.Ended.ShouldBe("1");
        Take(1, 1000, 960, isEnd: true);
        _heard.Begun.ShouldBe("1", "what comes late is not a second key");
    }

    [Fact]
    public void Event_WithAllButOneEndLost_IsAKey()
    {
        Take(9, 1000, 1280, isEnd: true);
        (_heard.Ended, _heard.DurationsMs[0]).ShouldBe(("9", 160));
    }

    [Fact]
    public void Packets_InDisorder_AreOneKey()
    {
        Take(1, 1000, 320);
        Take(1, 1000, 160, marker: true);
        Take(1, 1000, 640, isEnd: true);
        Take(1, 1000, 480);
        Take(2, 2000, 160, marker: true);
        Take(1, 1000, 640, isEnd: true);
        Take(2, 2000, 320, isEnd: true);
        (_heard.Begun, _heard.Ended).ShouldBe(("12", "12"));
        _heard.DurationsMs.ShouldBe([80, 40]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LongEvent_InSegments_IsOneKey(bool hasLastOfSegment)
    {
        Take(3, 1000, 65_000, marker: true);
        if (hasLastOfSegment) Take(3, 1000, 0xffff);
        Take(3, 1000 + 0xffff, 160);
        Take(3, 1000 + 0xffff, 8000, isEnd: true);
        (_heard.Begun, _heard.Ended).ShouldBe(("3", "3"));
        _heard.DurationsMs.ShouldBe([(0xffff + 8000) / 8]);
    }

    [Fact]
    public void Timestamps_ThatWrapAround_AreFollowed()
    {
        Press(7, uint.MaxValue - 100, 40);
        Press(8, 1200, 40);
        _heard.Ended.ShouldBe("78");
    }

    [Fact]
    public void Source_ThatBeginsAnew_IsHeard()
    {
        Press(7, 4_000_000_000, 40);
        _receiver.Reset(ref Sink());
        Press(8, 3_999_999_000, 40);
        _heard.Ended.ShouldBe("78");
    }

    [Theory]
    [InlineData(16)]
    [InlineData(255)]
    public void Event_ThatIsNoKey_IsIgnored(byte code)
    {
        Take(code, 1000, 160, isEnd: true);
        _heard.Begun.ShouldBe("");
    }

    // Any sequence of packets: a key that begins ends before another (HeardKeys checks), and nothing throws.
    [Fact]
    public void Packets_AtRandom_NeverThrowAndStayInOrder()
    {
        var random = new Random(20_260);
        var payload = new byte[8];
        for (var i = 0; i < 200_000; i++)
        {
            random.NextBytes(payload);
            if (!TelephoneEvent.TryParse(payload.AsSpan(0, random.Next(9)), out var value)) continue;
            if (random.Next(3) > 0) value = value with { Code = (byte)(value.Code & 3) };
            _nowMs += random.Next(60);
            var timestamp = random.Next(4) == 0 ? (uint)random.Next() : (uint)(random.Next(8) * 0xffff);
            _receiver.Take(value, timestamp, 8000 << random.Next(3), random.Next(2) == 0, _nowMs, ref Sink());
            if (random.Next(20) == 0) _receiver.Expire(_nowMs += 300, ref Sink());
        }
        _heard.DurationsMs.ShouldAllBe(ms => ms >= 0);
        _heard.Ended.Length.ShouldBeGreaterThan(1000);
    }

    private ref HeardKeys Sink()
    {
        _sink = _heard;
        return ref _sink;
    }

    private void Press(byte code, uint timestamp, int durationMs)
    {
        var unitsPerMs = _clockHz / 1000;
        for (var ms = 20; ms < durationMs; ms += 20) Take(code, timestamp, ms * unitsPerMs, marker: ms == 20);
        for (var i = 0; i < 3; i++) Take(code, timestamp, durationMs * unitsPerMs, isEnd: true);
    }

    private void Take(byte code, uint timestamp, int duration, bool isEnd = false, bool marker = false)
    {
        _nowMs += 20;
        var value = new TelephoneEvent(code, isEnd, 10, (ushort)duration);
        _receiver.Take(value, timestamp, _clockHz, marker, _nowMs, ref Sink());
    }

    private void Expire(int ms) => _receiver.Expire(_nowMs += ms, ref Sink());
}
