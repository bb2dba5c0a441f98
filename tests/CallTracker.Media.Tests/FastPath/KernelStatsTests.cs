using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallTracker.Media.FastPath;
using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>The kernel measures exactly what userspace measures on the same packets at the same times.</summary>
public sealed class KernelStatsTests
{
    private const int PacketCount = 4000;

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    public void Statistics_OfTheSamePackets_AreEqualInEveryField(int version, int seed)
    {
        using var bench = new ProgramBench(version);
        var stream = new RandomStream(seed);
        var oracle = default(RtpReceiveStats);
        FlowStats expected = default;
        for (var i = 0; i < PacketCount; i++)
        {
            var packet = stream.Next(out var earlierMs);
            bench.Entry.ClockRateHz = stream.ClockRateHz;
            // Time passed before this packet: what lies in the past lies further back, for both.
            bench.Entry.Stats.LastMs -= earlierMs;
            expected.LastMs -= earlierMs;
            oracle.Restore(expected);
            bench.Run(packet, out _).ShouldBe(ProgramBench.Redirected);
            // The kernel reads its own clock: its time of the packet is taken for both.
            oracle.Add(
                ProgramBench.HeaderOf(packet), packet.Length, stream.ClockRateHz, bench.Entry.Stats.LastMs);
            oracle.Save(ref expected);
            expected.Relayed++;
            expected.RelayedBytes += (ulong)packet.Length;
            BytesOf(bench.Entry.Stats).ShouldBe(BytesOf(expected), $"packet {i} of seed {seed}");
        }
        stream.Seen.Count.ShouldBe(RandomStream.KindCount, "the stream had all kinds of trouble");
        (oracle.Lost, oracle.Reordered, oracle.Duplicates).ShouldNotBe((0UL, 0UL, 0UL));
        oracle.Restarts.ShouldBeGreaterThan(0U);
    }

    [Fact]
    public void Statistics_SavedAndRestored_GoOnAsIfNothingHadBeen()
    {
        var stream = new RandomStream(11);
        var (straight, moved) = (default(RtpReceiveStats), default(RtpReceiveStats));
        var nowMs = 5000L;
        for (var i = 0; i < PacketCount; i++)
        {
            var header = ProgramBench.HeaderOf(stream.Next(out var earlierMs));
            nowMs += earlierMs + 20;
            straight.Add(header, 172, stream.ClockRateHz, nowMs);
            moved.Add(header, 172, stream.ClockRateHz, nowMs);
            FlowStats image = default;
            moved.Save(ref image);
            moved = default;
            moved.Restore(image);
        }
        moved.ShouldBe(straight);
    }

    private static byte[] BytesOf(FlowStats stats) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<FlowStats>(ref stats)).ToArray();

    /// <summary>RTP with loss, disorder, duplicates, restarts, new sources and clock changes, by a seed.</summary>
    private sealed class RandomStream(int seed)
    {
        public const int KindCount = 10;
        private readonly Random _random = new(seed);
        private ushort _sequence = 65_000;
        private uint _timestamp = 0xffff_f000;
        private uint _ssrc = 77;

        public HashSet<int> Seen { get; } = [];

        public int ClockRateHz { get; private set; } = 8000;

        public byte[] Next(out int earlierMs)
        {
            earlierMs = _random.Next(8) == 0 ? _random.Next(3000) : 0;
            var kind = _random.Next(40) is var draw && draw < KindCount ? draw : 0;
            Seen.Add(kind);
            _timestamp += kind == 7 ? 0 : (uint)_random.Next(100, 400);
            _sequence++;
            var sent = _sequence;
            switch (kind)
            {
                case 1:
                    sent = _sequence += (ushort)_random.Next(1, 70);
                    break;
                case 2:
                    sent = --_sequence;
                    break;
                case 3:
                    sent = (ushort)(--_sequence - _random.Next(1, 90));
                    break;
                case 4:
                    sent = (ushort)(--_sequence + _random.Next(4000, 50_000));
                    break;
                case 5:
                    sent = _sequence += 20_000;
                    break;
                case 6:
                    _ssrc += 5;
                    break;
                case 8:
                    ClockRateHz = ClockRateHz == 8000 ? 48_000 : ClockRateHz == 48_000 ? 0 : 8000;
                    break;
                case 9:
                    sent = _sequence += (ushort)_random.Next(100, 2900);
                    break;
                default:
                    break;
            }
            var packet = Packets.Rtp(sent, _ssrc, _timestamp);
            BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)).ShouldBe(sent);
            return packet[.._random.Next(12, 173)];
        }
    }
}
