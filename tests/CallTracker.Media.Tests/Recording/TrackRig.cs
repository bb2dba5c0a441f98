using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Recording;

namespace CallTracker.Media.Tests.Recording;

/// <summary>A track with hand-made packets and a hand-driven clock; keeps what comes out.</summary>
internal sealed class TrackRig
{
    public const long StartMs = 1_000_003;
    private readonly RecordingTrack _track;
    private readonly byte[] _a = new byte[RecordingTrack.StretchBytes];
    private readonly byte[] _b = new byte[RecordingTrack.StretchBytes];
    private readonly List<byte> _caller = [];
    private readonly List<byte> _callee = [];

    public TrackRig(
        RecordedTypes formatsA = default, RecordedTypes formatsB = default, RecordingDecoders? decoders = null)
    {
        _track = new RecordingTrack(decoders ?? new RecordingDecoders());
        _track.Begin(StartMs, formatsA, formatsB);
    }

    public RecordingTrack Track => _track;
    public SecondAccount Caller;
    public SecondAccount Callee;

    /// <summary>What came out so far, as linear samples.</summary>
    public short[] CallerSound => [.. _caller.Select(G711.FromMuLaw)];
    public short[] CalleeSound => [.. _callee.Select(G711.FromMuLaw)];
    public IReadOnlyList<byte> CallerCodes => _caller;

    /// <summary>Takes a packet that comes so many milliseconds after the start.</summary>
    public void Take(byte side, byte[] packet, double atMs, int dropped = 0)
    {
        var entry = new RecordingEntry
        {
            Kind = RecordingEntryKind.Packet,
            AtMs = StartMs + (long)atMs,
            Side = side,
            Dropped = (ushort)dropped,
        };
        Advance((long)atMs);
        _track.Take(entry, packet);
    }

    public void Advance(long atMs)
    {
        while (_track.TryTakeOut(StartMs + atMs, _a, _b, out var a, out var b)) Keep(1000, a, b);
    }

    public void End(long atMs)
    {
        while (_track.TakeRest(StartMs + atMs, _a, _b, out var a, out var b) is var ms and > 0) Keep(ms, a, b);
    }

    public static byte[] Packet(
        int sequence, uint timestamp, ReadOnlySpan<byte> payload, byte type = 0, uint ssrc = 0x1111,
        bool marker = false)
    {
        var packet = new byte[12 + payload.Length];
        packet[0] = 0x80;
        packet[1] = (byte)(type | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        payload.CopyTo(packet.AsSpan(12));
        return packet;
    }

    /// <summary>A tone as μ-law, from a place of its own time on.</summary>
    public static byte[] Tone(int hz, long firstSample, int count, bool isALaw = false)
    {
        var codes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var sample = (short)(8000 * Math.Sin(2 * Math.PI * hz * (firstSample + i) / 8000));
            codes[i] = isALaw ? G711.ToALaw(sample) : G711.ToMuLaw(sample);
        }
        return codes;
    }

    /// <summary>The power of a tone as a share of all power (Goertzel).</summary>
    public static double Share(ReadOnlySpan<short> sound, int hz)
    {
        var (all, before, last) = (0.0, 0.0, 0.0);
        var factor = 2 * Math.Cos(2 * Math.PI * hz / 8000);
        foreach (var sample in sound)
        {
            all += (double)sample * sample;
            (before, last) = (last, sample + (factor * last) - before);
        }
        var power = (before * before) + (last * last) - (factor * before * last);
        return all == 0 ? 0 : 2 * power / (sound.Length * all);
    }

    private void Keep(int ms, in SecondAccount a, in SecondAccount b)
    {
        a.Total.ShouldBe(ms);
        b.Total.ShouldBe(ms);
        Caller.Add(a);
        Callee.Add(b);
        _caller.AddRange(_a.AsSpan(0, ms * 8));
        _callee.AddRange(_b.AsSpan(0, ms * 8));
    }
}
