using CallTracker.Media.Recording;

namespace CallTracker.Media.Tests.Recording;

/// <summary>One thread writes, one reads: what is taken comes out whole and in order, the rest is refused.</summary>
public sealed class RecordingRingTests
{
    [Fact]
    public void Entries_AcrossTheEndOfTheRing_ComeOutAsTheyWentIn()
    {
        var ring = new RecordingRing(RecordingRing.CapacityMin);
        var random = new Random(4711);
        for (var number = 1u; number < 20_000; number++)
        {
            var payload = new byte[random.Next(0, RecordingRing.PayloadLengthMax + 1)];
            Array.Fill(payload, (byte)number);
            ring.TryWrite(Packet(number), payload).ShouldBeTrue();
            ring.TryPeek(out var entry, out var read).ShouldBeTrue();
            (entry.Number, entry.Length).ShouldBe((number, payload.Length));
            read.SequenceEqual(payload).ShouldBeTrue();
            ring.Take(entry);
        }
        ring.TryPeek(out _, out _).ShouldBeFalse();
        ring.Waiting.ShouldBe(0);
    }

    [Fact]
    public void FullRing_WithoutRoomForPackets_StillTakesWhatEndsRecordings()
    {
        var ring = new RecordingRing(RecordingRing.CapacityMin);
        var taken = 0u;
        while (ring.TryWrite(Packet(taken + 1), new byte[172])) taken++;
        taken.ShouldBeGreaterThan(200u);
        var stops = 0;
        while (ring.TryWrite(Packet(1) with { Kind = RecordingEntryKind.Stop }, new byte[4])) stops++;
        // A sixteenth of the ring is theirs.
        stops.ShouldBeGreaterThan(90);
        for (var number = 1u; number <= taken; number++)
        {
            ring.TryPeek(out var entry, out _).ShouldBeTrue();
            entry.Number.ShouldBe(number);
            ring.Take(entry);
        }
        ring.TryWrite(Packet(9), new byte[172]).ShouldBeTrue();
    }

    [Fact]
    public void Payload_LongerThanAny_IsRefused() => new RecordingRing(RecordingRing.CapacityMin)
        .TryWrite(Packet(1), new byte[RecordingRing.PayloadLengthMax + 1]).ShouldBeFalse();

    [Fact]
    public void TwoThreads_ALongWhile_LoseNothingThatWasTaken()
    {
        const int Count = 300_000;
        var ring = new RecordingRing(RecordingRing.CapacityMin);
        var writer = new Thread(() =>
        {
            var payload = new byte[200];
            for (var number = 1u; number <= Count; number++)
            {
                payload[0] = payload[number % 200] = (byte)number;
                var length = (int)(1 + (number % 200));
                while (!ring.TryWrite(Packet(number), payload.AsSpan(0, length))) Thread.Yield();
            }
        });
        writer.Start();
        for (var number = 1u; number <= Count;)
        {
            if (!ring.TryPeek(out var entry, out var payload))
            {
                Thread.Yield();
                continue;
            }
            var isRight = entry.Number == number && payload.Length == 1 + (number % 200)
                && payload[0] == (byte)number && payload[^1] == (byte)number;
            if (!isRight) throw new InvalidOperationException($"entry {number} is wrong");
            ring.Take(entry);
            number++;
        }
        writer.Join();
        ring.Waiting.ShouldBe(0);
    }

    private static RecordingEntry Packet(uint number) => new() { Kind = RecordingEntryKind.Packet, Number = number };
}
