using CallTracker.Media.Jitter;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Tests.Jitter;

/// <summary>Order, time, loss, copies, silence and other streams; times by hand.</summary>
public sealed class JitterBufferTests
{
    private const uint Ssrc = 0x1234;
    private readonly JitterBuffer _buffer = new(new JitterSettings { DelayMsMax = 40 }, 8000);

    [Fact]
    public void Packets_InTime_ComeOutInOrderAfterTheDelay()
    {
        for (var i = 0; i < 3; i++) Put(i, 1000 + (i * 20)).ShouldBe(JitterPut.Kept);
        Take(1039).ShouldBe("wait");
        Take(1040).ShouldBe("0");
        Take(1040).ShouldBe("wait");
        Take(1060).ShouldBe("1");
        Take(1080).ShouldBe("2");
        Take(2000).ShouldBe("wait");
    }

    [Fact]
    public void Packets_OutOfOrder_ComeOutInOrder()
    {
        foreach (var i in new[] { 0, 2, 1, 4, 3 }) Put(i, 1000 + (i * 10));
        TakeAll(1200).ShouldBe("0 1 2 3 4");
        _buffer.Lost.ShouldBe(0);
    }

    [Fact]
    public void Packet_Missing_IsToldWhenItsTimeHasComeAndNotBefore()
    {
        Put(0, 1000);
        Put(2, 1040);
        Take(1040).ShouldBe("0");
        Take(1059).ShouldBe("wait");
        Take(1060).ShouldBe("lost 1 at 160");
        Take(1060).ShouldBe("wait");
        Take(1080).ShouldBe("2");
        _buffer.Lost.ShouldBe(1);
    }

    [Fact]
    public void Packet_AfterItsTurn_IsLateAndNotPlayed()
    {
        Put(0, 1000);
        Put(2, 1040);
        TakeAll(1100).ShouldBe("0 lost1 2");
        Put(1, 1101).ShouldBe(JitterPut.Late);
        _buffer.Late.ShouldBe(1);
        TakeAll(1200).ShouldBeEmpty();
    }

    [Fact]
    public void Packet_Twice_IsPlayedOnce()
    {
        Put(0, 1000);
        Put(0, 1001).ShouldBe(JitterPut.Duplicate);
        TakeAll(1100).ShouldBe("0");
        Put(0, 1101).ShouldBe(JitterPut.Duplicate);
        _buffer.Duplicates.ShouldBe(2);
        _buffer.Late.ShouldBe(0);
    }

    [Fact]
    public void Silence_NotSent_IsWaitedOutAndNotToldAsLoss()
    {
        Put(0, 1000);
        // The next packet in sequence begins a talkspurt 500 ms later.
        _buffer.Put(Header(1, 4000, Ssrc, marker: true), [1], 1500);
        Take(1040).ShouldBe("0");
        Take(1539).ShouldBe("wait");
        _buffer.Take(1540, out var frame).ShouldBe(JitterTake.Frame);
        frame.Step.ShouldBe(4000u);
        frame.Marker.ShouldBeTrue();
        _buffer.Lost.ShouldBe(0);
    }

    [Fact]
    public void Stream_WithAnotherSource_BeginsAnew()
    {
        Put(0, 1000);
        _buffer.Put(Header(40_000, 77, 0x9999), [9], 1010).ShouldBe(JitterPut.Restarted);
        _buffer.Waiting.ShouldBe(1);
        _buffer.Discarded.ShouldBe(1);
        Take(1049).ShouldBe("wait");
        Take(1050).ShouldBe("9");
    }

    [Fact]
    public void Sequence_ThatJumps_BeginsAnew()
    {
        Put(0, 1000);
        Put(5000, 1020).ShouldBe(JitterPut.Restarted);
        Put(1, 1030).ShouldBe(JitterPut.Restarted);
        _buffer.Restarts.ShouldBe(2);
        _buffer.Waiting.ShouldBe(1);
    }

    [Fact]
    public void SequenceAndTimestamp_ThatWrap_GoOn()
    {
        for (var i = 0; i < 200; i++)
        {
            var header = Header((ushort)(65_500 + i), unchecked(uint.MaxValue - 8000 + (uint)(i * 160)), Ssrc);
            _buffer.Put(header, [(byte)i], 1000 + (i * 20)).ShouldBe(JitterPut.Kept);
            Take(1040 + (i * 20)).ShouldBe($"{i}");
        }
        _buffer.Lost.ShouldBe(0);
    }

    [Fact]
    public void Packet_TooLongOrTooMany_IsRefusedOrBeginsAnew()
    {
        _buffer.Put(Header(0, 0, Ssrc), new byte[641], 1000).ShouldBe(JitterPut.TooLong);
        for (var i = 0; i < 64; i++) Put(i, 1000).ShouldBe(JitterPut.Kept);
        Put(64, 1000).ShouldBe(JitterPut.Restarted);
        _buffer.Waiting.ShouldBe(1);
    }

    [Fact]
    public void Delay_WhenThePathStalls_GrowsToItsBoundAndNoFurther()
    {
        var buffer = new JitterBuffer(new JitterSettings { DelayMsMin = 20, DelayMsMax = 100 }, 8000);
        // Once a second nothing comes for 70 ms, and later for 300 ms, then all at once.
        var lost = Run(buffer, 0, 300, i => i % 50 is > 24 and < 29 ? ((i / 50 * 50) + 28.5) * 20 : i * 20);
        buffer.DelayMs.ShouldBeInRange(70, 100);
        lost.ShouldBe(0);
        Run(buffer, 300, 600, i => i % 50 is > 19 and < 36 ? ((i / 50 * 50) + 35) * 20 : i * 20);
        buffer.DelayMs.ShouldBe(100);
    }

    [Fact]
    public void Delay_WhenThePathIsEvenAgain_ShrinksWithTheTalkspurts()
    {
        var buffer = new JitterBuffer(new JitterSettings { DelayMsMin = 20, DelayMsMax = 200 }, 8000);
        Run(buffer, 0, 100, i => i is > 50 and < 56 ? 56 * 20 : i * 20);
        var grown = buffer.DelayMs;
        grown.ShouldBeGreaterThan(80);
        // Each hundred packets are followed by 400 ms of silence.
        var lost = Run(buffer, 100, 3000, i => (i * 20) + (i / 100 * 400), isMarker: i => i % 100 == 0, pauseMs: 400);
        buffer.DelayMs.ShouldBeLessThan(grown / 2);
        lost.ShouldBe(0);
    }

    [Fact]
    public void Packet_LateByItself_DeepensTheNextTalkspurt()
    {
        var buffer = new JitterBuffer(new JitterSettings { DelayMsMin = 20, DelayMsMax = 200 }, 8000);
        Run(buffer, 0, 20, i => i == 10 ? 13 * 20 : i * 20).ShouldBe(1);
        buffer.DelayMs.ShouldBe(20);
        buffer.Put(Header(20, 20 * 160, Ssrc, marker: true), [1], 1400);
        buffer.DelayMs.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Packets_OfRandomNumbers_NeverThrowAndNeverFillItUp()
    {
        var random = new Random(17);
        long nowMs = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var header = Header((ushort)random.Next(0, 300), (uint)random.NextInt64(), (uint)random.Next(0, 3));
            _buffer.Put(header, new byte[random.Next(0, 700)], nowMs += random.Next(0, 30));
            if (random.Next(3) == 0) _buffer.Take(nowMs, out _);
            _buffer.Waiting.ShouldBeInRange(0, 64);
        }
    }

    private static RtpHeader Header(ushort sequence, uint timestamp, uint ssrc, bool marker = false)
    {
        var packet = new byte[12];
        (packet[0], packet[1]) = (0x80, (byte)(marker ? 0x80 : 0));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        RtpHeader.Parse(packet, paddingReadable: true, out var header).ShouldBe(RtpParseResult.Ok);
        return header;
    }

    private JitterPut Put(int i, long nowMs) =>
        _buffer.Put(Header((ushort)i, (uint)i * 160, Ssrc), [(byte)i], nowMs);

    private string Take(long nowMs) => _buffer.Take(nowMs, out var frame) switch
    {
        JitterTake.Frame => $"{frame.Payload[0]}",
        JitterTake.Lost => $"lost {frame.Sequence} at {frame.Timestamp}",
        _ => "wait",
    };

    // Packets of 20 ms come at the times given and are taken each millisecond; how many were told as lost.
    private static int Run(
        JitterBuffer buffer, int first, int end, Func<int, double> arrivalMs, Func<int, bool>? isMarker = null,
        int pauseMs = 0)
    {
        var coming = Enumerable.Range(first, end - first).OrderBy(i => arrivalMs(i)).ThenBy(i => i).ToList();
        var (next, lost) = (0, 0);
        for (var ms = (int)arrivalMs(first); next < coming.Count || buffer.Waiting > 0; ms++)
        {
            for (; next < coming.Count && arrivalMs(coming[next]) <= ms; next++)
            {
                var i = coming[next];
                var timestamp = (uint)((i * 160) + (pauseMs == 0 ? 0 : i / 100 * pauseMs * 8));
                buffer.Put(Header((ushort)i, timestamp, Ssrc, isMarker?.Invoke(i) ?? false), [1], ms);
            }
            for (var taken = buffer.Take(ms, out _); taken != JitterTake.Wait; taken = buffer.Take(ms, out _))
                lost += taken == JitterTake.Lost ? 1 : 0;
        }
        return lost;
    }

    private string TakeAll(long nowMs)
    {
        var told = new List<string>();
        while (true)
        {
            var taken = _buffer.Take(nowMs, out var frame);
            if (taken == JitterTake.Wait) return string.Join(' ', told);
            told.Add(taken == JitterTake.Lost ? $"lost{frame.Sequence}" : $"{frame.Payload[0]}");
        }
    }
}
