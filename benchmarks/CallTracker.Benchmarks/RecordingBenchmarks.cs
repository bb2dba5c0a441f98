using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;

namespace CallTracker.Benchmarks;

/// <summary>
/// One packet of a recorded side: what the worker pays, and what the writer pays to lay it on the clock.
/// </summary>
public class RecordingBenchmarks
{
    private readonly byte[] _packet = new byte[172];
    private readonly byte[] _sound = new byte[RecordingTrack.StretchBytes];
    private readonly RecordingTrack _track = new(new RecordingDecoders());
    private Epoll? _epoll;
    private MediaRelay? _relay;
    private ushort _sequence;
    private long _atMs;

    [GlobalSetup]
    public void Setup()
    {
        _epoll = new Epoll();
        var ports = MediaPorts.Open(_epoll, pairs: 2);
        _relay = new MediaRelay(ports, new MediaSettings())
        {
            Recording = { Ring = new RecordingRing(RecordingRing.CapacityMin) },
        };
        if (!_relay.TryOpen(1, out var session)) throw new InvalidOperationException("No ports.");
        var start = new RecordingStart { Sides = RecordedSides.Both };
        if (!_relay.Recording.TryStart(session, start, default, 0)) throw new InvalidOperationException("No room.");
        _track.Begin(0, default, default);
        _packet[0] = 0x80;
        TapAndTake();
    }

    /// <summary>Into the ring and out of it.</summary>
    [Benchmark]
    public int TapAndTake()
    {
        _relay!.Recording.Take(0, _packet);
        var length = 0;
        while (_relay.Recording.Ring!.TryPeek(out var entry, out _))
        {
            length += entry.Length;
            _relay.Recording.Ring.Take(entry);
        }
        return length;
    }

    /// <summary>Onto the recording's clock, with a fiftieth of a second taken out.</summary>
    [Benchmark]
    public long LayOnTheClock()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        _atMs += 20;
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), (uint)(_atMs * 8));
        _track.TryTakeOut(_atMs, _sound, _sound, out _, out _);
        _track.Take(new RecordingEntry { Kind = RecordingEntryKind.Packet, AtMs = _atMs }, _packet);
        return _track.TakenMs;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _relay!.Dispose();
        _epoll!.Dispose();
    }
}
