using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Rtp;

/// <summary>Sequences as tables: what was expected, lost, reordered, doubled.</summary>
public sealed class RtpReceiveStatsTests
{
    public static TheoryData<string, int[], int, int, int, int, int> Sequences => new()
    {
        // name, sequence numbers, expected, lost, reordered, duplicates, restarts
        { "in order", [1, 2, 3, 4], 4, 0, 0, 0, 0 },
        { "one packet", [500], 1, 0, 0, 0, 0 },
        { "one lost", [1, 2, 4], 4, 1, 0, 0, 0 },
        { "many lost", [1, 101], 101, 99, 0, 0, 0 },
        { "wrap", [65534, 65535, 0, 1], 4, 0, 0, 0, 0 },
        { "loss over the wrap", [65534, 1], 4, 2, 0, 0, 0 },
        { "reorder", [1, 3, 2, 4], 4, 0, 1, 0, 0 },
        { "reorder over the wrap", [65535, 1, 0, 2], 4, 0, 1, 0, 0 },
        { "duplicate of the newest", [1, 2, 2, 3], 3, 0, 0, 1, 0 },
        { "duplicate of an older one", [1, 2, 3, 1], 3, 0, 0, 1, 0 },
        { "late one doubled", [1, 3, 2, 2], 3, 0, 1, 1, 0 },
        { "late before the first", [10, 9, 11], 2, 0, 1, 0, 0 },
        { "first two swapped then on", [2, 1, 3, 4], 3, 0, 1, 0, 0 },
        { "single wild jump", [1, 2, 40000, 3], 3, 0, 0, 0, 0 },
        { "restart", [1, 2, 40000, 40001, 40002], 4, 0, 0, 0, 1 },
        { "restart backwards", [40000, 40001, 5, 6, 7], 4, 0, 0, 0, 1 },
        { "loss before a restart is kept", [1, 3, 40000, 40001], 4, 1, 0, 0, 1 },
        { "largest dropout that is loss", [1, 3000], 3000, 2998, 0, 0, 0 },
        { "smallest dropout that is a jump", [1, 3001], 1, 0, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Sequence_ByTable_IsAccountedFor(
        string name, int[] sequences, int expected, int lost, int reordered, int duplicates, int restarts)
    {
        var stats = default(RtpReceiveStats);
        foreach (var sequence in sequences) Add(ref stats, Packets.Rtp(sequence), 0);
        stats.Packets.ShouldBe((ulong)sequences.Length, name);
        (stats.Expected, stats.Lost).ShouldBe(((ulong)expected, (ulong)lost), name);
        (stats.Reordered, stats.Duplicates).ShouldBe(((ulong)reordered, (ulong)duplicates), name);
        stats.Restarts.ShouldBe((uint)restarts, name);
    }

    [Fact]
    public void Sequence_AtRandom_AgreesWithCountingByHand()
    {
        var random = new Random(48);
        for (var run = 0; run < 200; run++)
        {
            var start = random.Next(65536);
            var sent = 200;
            var order = Enumerable.Range(0, sent).Where(i => i == 0 || random.Next(10) > 0).ToList();
            for (var i = 2; i + 1 < order.Count; i += 1 + random.Next(4))
                (order[i], order[i + 1]) = (order[i + 1], order[i]);
            if (order.Count > 3) order.Insert(order.Count - 1, order[^2]);
            var stats = default(RtpReceiveStats);
            foreach (var i in order) Add(ref stats, Packets.Rtp((start + i) & 0xffff), 0);
            var highest = order.Max();
            stats.Expected.ShouldBe((ulong)(highest + 1), $"run {run}");
            stats.Lost.ShouldBe((ulong)(highest + 1 - order.Distinct().Count()), $"run {run}");
            stats.Duplicates.ShouldBe((ulong)(order.Count - order.Distinct().Count()), $"run {run}");
        }
    }

    [Fact]
    public void Ssrc_ThatChanges_BeginsANewSpan()
    {
        var stats = default(RtpReceiveStats);
        Add(ref stats, Packets.Rtp(1, ssrc: 1), 0);
        Add(ref stats, Packets.Rtp(3, ssrc: 1), 20);
        Add(ref stats, Packets.Rtp(60000, ssrc: 2), 40);
        Add(ref stats, Packets.Rtp(60001, ssrc: 2), 60);
        (stats.Expected, stats.Lost, stats.Restarts).ShouldBe((5UL, 1UL, 1u));
    }

    [Fact]
    public void Jitter_OfASteadyStream_IsZero()
    {
        var stats = default(RtpReceiveStats);
        for (var i = 0; i < 500; i++) Add(ref stats, Packets.Rtp(i), 5_000_000_000 + (i * 20));
        stats.JitterUs.ShouldBe(0u);
    }

    [Fact]
    public void Jitter_OfAnAlternatingStream_ConvergesAsInTheRfc()
    {
        // Each packet is 10 ms early or late in turn, so |D| is 20 ms, apart from the first.
        var stats = default(RtpReceiveStats);
        double byHand = 0;
        for (var i = 0; i < 400; i++)
        {
            Add(ref stats, Packets.Rtp(i), 1000 + (i * 20) + (i % 2 == 0 ? 10 : -10));
            if (i > 0) byHand += (20_000 - byHand) / 16;
        }
        ((double)stats.JitterUs).ShouldBe(byHand, 1000);
        byHand.ShouldBe(20_000, 1);
    }

    [Fact]
    public void Jitter_OverTimestampWrapAndRestart_DoesNotJump()
    {
        var stats = default(RtpReceiveStats);
        for (var i = 0; i < 100; i++)
            Add(ref stats, Packets.Rtp(i, timestamp: unchecked(uint.MaxValue - 4000 + (uint)(i * 160))), i * 20);
        for (var i = 0; i < 100; i++)
            Add(ref stats, Packets.Rtp(30_000 + i, ssrc: 9, timestamp: (uint)(i * 160)), 2000 + (i * 20));
        stats.JitterUs.ShouldBe(0u);
    }

    [Fact]
    public void Jitter_OfPacketsThatShareATimestamp_IsNotMeasured()
    {
        var stats = default(RtpReceiveStats);
        for (var i = 0; i < 20; i++) Add(ref stats, Packets.Rtp(i, timestamp: 8000), i * 20);
        stats.JitterUs.ShouldBe(0u);
    }

    [Fact]
    public void Jitter_WithoutAClockRate_IsUnknown()
    {
        var stats = default(RtpReceiveStats);
        for (var i = 0; i < 20; i++) Add(ref stats, Packets.Rtp(i), i * 33, clockRateHz: 0);
        stats.JitterUs.ShouldBe(0u);
        stats.Expected.ShouldBe(20UL);
    }

    [Fact]
    public void Jitter_OfAbsurdTimestamps_NeverOverflows()
    {
        var random = new Random(8);
        var stats = default(RtpReceiveStats);
        for (var i = 0; i < 10_000; i++)
            Add(ref stats, Packets.Rtp(i, timestamp: (uint)random.NextInt64()), random.NextInt64(1 << 40));
        stats.JitterUs.ShouldBeGreaterThan(0u);
    }

    [Fact]
    public void Gap_BetweenPackets_KeepsTheLongest()
    {
        var stats = default(RtpReceiveStats);
        foreach (var ms in (long[])[100, 120, 5120, 5140]) Add(ref stats, Packets.Rtp((int)ms), ms);
        (stats.FirstMs, stats.LastMs, stats.GapMsMax).ShouldBe((100L, 5140L, 5000L));
        stats.Bytes.ShouldBe(4UL * 172);
    }

    private static void Add(ref RtpReceiveStats stats, byte[] packet, long nowMs, int clockRateHz = 8000)
    {
        RtpHeader.Parse(packet, paddingReadable: true, out var header).ShouldBe(RtpParseResult.Ok);
        stats.Add(header, packet.Length, clockRateHz, nowMs);
    }
}
