using System.Runtime.CompilerServices;
using CallTracker.Calls.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Tracing;

/// <summary>
/// The ring against a list that forgets nothing: what is read is whole and right, or known to be gone.
/// </summary>
public sealed class TraceRingTests
{
    private const int Capacity = TraceRing.CapacityMin;

    [Fact]
    public void Header_OfAnEntry_IsOneAndAQuarterCacheLinesAtMost()
    {
        Unsafe.SizeOf<TraceEntry>().ShouldBeLessThanOrEqualTo(80);
        (TraceRing.HeaderLength % 8).ShouldBe(0);
    }

    [Fact]
    public void Entries_NotPublished_AreNotShown()
    {
        var ring = new TraceRing(Capacity);
        Write(ring, 1, 100);
        ring.Published.ShouldBe(0);
        ring.Publish();
        ring.Published.ShouldBe(TraceRing.HeaderLength + 104);
        ring.Messages.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Entries_OfAllLengthsOverManyRounds_AreReadAsWritten(int seed)
    {
        var ring = new TraceRing(Capacity);
        var random = new Random(seed);
        var (position, written, read) = (0L, 0, 0);
        for (var turn = 0; turn < 3000; turn++)
        {
            for (var i = random.Next(1, 4); i > 0; i--) Write(ring, ++written, random.Next(4000));
            ring.Publish();
            while (position < ring.Published)
            {
                ring.TryReadHeader(ref position, out var entry).ShouldBeTrue();
                var payload = new byte[entry.Length];
                ring.TryReadPayload(position, entry, payload).ShouldBeTrue();
                IsOf(++read, entry, payload).ShouldBeTrue($"entry {read} at {position}");
                position = TraceRing.Next(position, entry);
            }
        }
        read.ShouldBe(written);
        ring.Overwritten.ShouldBe(ring.Published - Capacity);
        ring.Overwritten.ShouldBeGreaterThan(5L * Capacity);
    }

    [Fact]
    public void Entry_Overwritten_IsToldAndNeverShown()
    {
        var ring = new TraceRing(Capacity);
        Write(ring, 1, 500);
        ring.Publish();
        var position = 0L;
        ring.TryReadHeader(ref position, out var first).ShouldBeTrue();
        for (var number = 2; ring.Published <= Capacity; number++)
        {
            Write(ring, number, 500);
            ring.Publish();
        }
        ring.TryReadPayload(position, first, new byte[500]).ShouldBeFalse();
        ring.TryReadHeader(ref position, out _).ShouldBeFalse();
    }

    [Fact]
    public void Entry_OfMoreThanHalfTheRing_IsLeftOut()
    {
        var ring = new TraceRing(Capacity);
        ring.Write(new TraceEntry { Length = Capacity / 2 }, new byte[Capacity / 2]);
        ring.Publish();
        ring.Published.ShouldBe(0);
    }

    // The writer goes on until the reader has seen enough, however little of the machine either gets.
    [Fact]
    public async Task Reader_BesideAFasterWriter_SeesOnlyWholeEntries()
    {
        const int SeenMin = 20_000;
        var ring = new TraceRing(Capacity);
        var seen = 0;
        var writer = Task.Run(() =>
        {
            var random = new Random(7);
            for (var number = 1; Volatile.Read(ref seen) < SeenMin; number++)
            {
                Write(ring, number, random.Next(600));
                if (number % 3 == 0) ring.Publish();
            }
        }, TestContext.Current.CancellationToken);
        var (position, last) = (0L, 0UL);
        var payload = new byte[600];
        while (seen < SeenMin && !writer.IsFaulted)
        {
            if (position == ring.Published) continue;
            if (!ring.TryReadHeader(ref position, out var entry) || entry.Length is < 0 or > 600
                || !ring.TryReadPayload(position, entry, payload))
            {
                position = ring.Published;
                continue;
            }
            var isWhole = IsOf((int)entry.Dialog, entry, payload.AsSpan(0, entry.Length)) && entry.Dialog > last;
            if (!isWhole) Volatile.Write(ref seen, SeenMin);
            isWhole.ShouldBeTrue($"torn entry at {position}");
            last = entry.Dialog;
            Volatile.Write(ref seen, seen + 1);
            position = TraceRing.Next(position, entry);
        }
        await writer;
    }

    [Fact]
    public void Write_Entries_AllocatesNothing()
    {
        var ring = new TraceRing(Capacity);
        var payload = new byte[700];
        void Run()
        {
            for (var i = 0; i < 5000; i++) ring.Write(new TraceEntry { Length = 700 }, payload);
            ring.Publish();
        }
        Allocated(Run).ShouldBe(0);
        // The control: a measurement that cannot see an allocation proves nothing.
        Allocated(() => payload = new byte[700]).ShouldBeGreaterThan(0);
    }

    private static long Allocated(Action action)
    {
        for (var i = 0; i < 30; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The number decides every byte, so that a mixture of two entries is noticed.
    private static void Write(TraceRing ring, int number, int length)
    {
        var payload = new byte[length];
        payload.AsSpan().Fill((byte)(number * 31));
        ring.Write(new TraceEntry
        {
            Kind = TraceEntryKind.Message,
            Dialog = (ulong)number,
            UnixUs = number * 3L,
            Length = length,
        }, payload);
    }

    private static bool IsOf(int number, in TraceEntry entry, ReadOnlySpan<byte> payload) =>
        entry.Dialog == (ulong)number && entry.UnixUs == number * 3L && entry.Kind == TraceEntryKind.Message
        && payload.IndexOfAnyExcept((byte)(number * 31)) < 0;
}
