using System.Buffers.Binary;

namespace CallTracker.Media.Tests.Quality;

/// <summary>
/// RTP of one source as a network delivers it, by a seed: late, out of order, missing, doubled. Times are whole
/// milliseconds, as the relay has them.
/// </summary>
internal sealed class CaptureStream
{
    private const int SentCount = 1500;
    private const int StepMs = 20;
    private readonly List<(long AtMs, byte[] Packet)> _packets = [];

    public CaptureStream(uint ssrc, byte payloadType, int clockRateHz, string troubles, int seed)
    {
        (Ssrc, ClockRateHz, Troubles) = (ssrc, clockRateHz, troubles);
        var random = new Random(seed);
        var start = random.Next(65_000, 65_536);
        for (var i = 0; i < SentCount; i++)
        {
            if (i > 0 && Has("loss") && random.Next(100) < 3) continue;
            if (Has("burst") && i % 400 is > 200 and < 220) continue;
            long lateMs = Has("jitter") ? random.Next(15) : 0;
            if (i > 0 && Has("reorder") && random.Next(50) == 0) lateMs += 25;
            var packet = Packet(start + i, (uint)(i * (long)clockRateHz * StepMs / 1000), payloadType);
            _packets.Add((1000 + (i * StepMs) + lateMs, packet));
            if (Has("double") && random.Next(40) == 0) _packets.Add((1000 + (i * StepMs) + lateMs + 1, packet));
        }
        _packets = [.. _packets.OrderBy(p => p.AtMs)];
    }

    public uint Ssrc { get; }

    public int ClockRateHz { get; }

    public string Troubles { get; }

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<(long AtMs, byte[] Packet)> Packets => _packets;

    public bool Has(string trouble) => Troubles.Contains(trouble, StringComparison.Ordinal);

    private byte[] Packet(int sequence, uint timestamp, byte payloadType)
    {
        var packet = new byte[172];
        packet[0] = 0x80;
        packet[1] = payloadType;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
        return packet;
    }
}
