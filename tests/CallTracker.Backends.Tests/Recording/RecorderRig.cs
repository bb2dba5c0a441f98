using System.Buffers.Binary;
using System.Text;
using CallTracker.Backends.Recording;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Calls.Recording;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Codecs;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>
/// A relay's tap, fed by hand through its ring, and the writer behind it, both on a clock that stands until it is
/// moved. Owned by one test.
/// </summary>
internal sealed class RecorderRig : IDisposable
{
    public const string OperatorId = "op1";
    private readonly Epoll _epoll = new();
    private readonly MediaRelay _relay;
    // As the tap numbers them.
    private readonly Dictionary<int, uint> _numbers = [];
    private readonly Dictionary<(int Session, int Side), ushort> _dropped = [];
    private uint _lastNumber;
    private static int s_instances;

    public RecorderRig(string folder, IRecordingStore? store = null, int ringBytes = 1 << 20)
    {
        Folder = new RecordingFolder(folder);
        var address = $"127.89.{Interlocked.Increment(ref s_instances)}.1";
        var pool = new RtpPortPool(
            IpEndpoint.From(System.Net.IPAddress.Parse(address), 0), 20_000, 64, _epoll);
        if (pool.Open() != RtpPortPoolResult.Ok) throw new InvalidOperationException("no ports");
        _relay = new MediaRelay(pool, new MediaSettings()) { Recording = { Ring = new RecordingRing(ringBytes) } };
        Parts = new RecordingParts
        {
            NodeId = "node1",
            Keys = Keys,
            Store = store ?? new LocalRecordingStore(Folder, freeBytesMin: 0),
            Counters = Counters,
            Closed = Closed.Add,
        };
        var settings = new RecordingSettings { Folder = folder, NodeId = "node1" };
        Writer = new RecordingWriter([Tap], Parts, settings, Clock, Log);
    }

    public static RecordingKeys Keys { get; } = new([.. Enumerable.Range(7, 32).Select(i => (byte)i)]);

    public FakeClock Clock { get; } = new();
    public LogSink Log { get; } = new();
    public RecordingFolder Folder { get; }
    public RecordingCounters Counters { get; } = new();
    public List<ClosedRecording> Closed { get; } = [];
    public RecordingParts Parts { get; }
    public RecordingWriter Writer { get; }
    public RecordingTap Tap => _relay.Recording;
    public MediaRelay Relay => _relay;

    /// <summary>A trn_id of a test call.</summary>
    public static string TrnId(int number) => number.ToString("D24", System.Globalization.CultureInfo.InvariantCulture);

    public int Start(int number, RecordingSetting sides = RecordingSetting.Both)
    {
        if (!_relay.TryOpen(number, out var session)) throw new InvalidOperationException("no ports left");
        var facts = new CallFacts { DinUnixMs = Clock.UnixMs - 3000 };
        Encoding.ASCII.GetBytes(TrnId(number)).CopyTo(facts.TrnId);
        var route = RecordingOwner.Map(new RouteRecord
        {
            DinId = "0120000001",
            OperatorId = OperatorId,
            ClientId = "client1",
            DialinId = "d",
            Recording = sides,
        })!;
        Span<byte> label = stackalloc byte[RecordingTap.LabelLengthMax];
        var length = RecordingLabel.Write(facts, route.Owner, label);
        var start = new RecordingStart { UnixMs = Clock.UnixMs, Sides = route.Sides };
        _numbers[session] = ++_lastNumber;
        if (!Tap.TryStart(session, start, label[..length], Clock.NowMs)) return -1;
        return session;
    }

    /// <summary>Lets time pass with a tone on each side, 20 ms a packet, and the writer's turns.</summary>
    public void Talk(IReadOnlyList<int> sessions, int ms, int callerHz = 440, int calleeHz = 1000, bool turns = true)
    {
        for (var passed = 0; passed < ms; passed += 20)
        {
            Clock.Advance(20);
            var sequence = (int)(Clock.NowMs / 20);
            foreach (var session in sessions)
            {
                Send(session, 0, sequence, callerHz);
                Send(session, 1, sequence, calleeHz);
            }
            if (turns) Writer.Turn();
        }
    }

    public void Stop(int session)
    {
        Tap.Stop(session, Clock.NowMs);
        _relay.Close(session, out _, out _);
        Writer.Turn();
    }

    /// <summary>Opens what was written of a call.</summary>
    public RecordingFile Open(int number) => RecordingFile.TryOpen(Folder.TryOpen(TrnId(number))!, Keys)!;

    /// <summary>Both sides of a recording, as samples.</summary>
    public static (short[] Left, short[] Right) Sound(RecordingFile file)
    {
        using var wav = new RecordingWavStream(file);
        wav.Position = RecordingWavStream.HeaderLength;
        var bytes = new byte[wav.Length - RecordingWavStream.HeaderLength];
        wav.ReadExactly(bytes);
        var samples = bytes.Select(G711.FromMuLaw).ToArray();
        if (file.Header.Channels == 1) return (samples, []);
        return ([.. samples.Where((_, i) => i % 2 == 0)], [.. samples.Where((_, i) => i % 2 == 1)]);
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

    public void Dispose()
    {
        Writer.Dispose();
        _relay.Dispose();
        _epoll.Dispose();
    }

    // As the relay does for an accepted packet.
    private void Send(int session, int side, int sequence, int hz)
    {
        var packet = new byte[172];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(sequence * 160));
        for (var i = 0; i < 160; i++)
            packet[12 + i] = G711.ToMuLaw((short)(8000 * Math.Sin(2 * Math.PI * hz * ((sequence * 160L) + i) / 8000)));
        var entry = new RecordingEntry
        {
            Kind = RecordingEntryKind.Packet,
            Number = _numbers[session],
            AtMs = Clock.NowMs,
            Side = (byte)side,
            Dropped = _dropped.GetValueOrDefault((session, side)),
        };
        var isTaken = Tap.Ring!.TryWrite(entry, packet);
        _dropped[(session, side)] = isTaken ? (ushort)0 : (ushort)(entry.Dropped + 1);
    }
}
