using System.Globalization;
using System.Text;
using CallTracker.Backends;
using CallTracker.Backends.Recording;
using CallTracker.Calls.Model;
using CallTracker.Calls.Recording;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Time;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;

namespace CallTracker.LoadTests.RelayOnly;

/// <summary>The recorder behind the relay-only mode: every session recorded on both sides, as a node does it.</summary>
internal sealed class RelayRecorder : IBackendLog
{
    private const int RingBytes = 16 << 20;
    private const string OperatorId = "load";
    private readonly MediaRelay _relay;
    private readonly RecordingCounters _counters = new();
    private readonly RecordingWriter _writer;
    private readonly List<ClosedRecording> _closed = [];
    private readonly List<int> _sessions = [];
    private readonly SystemClock _clock = new();

    public RelayRecorder(MediaRelay relay, string folder)
    {
        _relay = relay;
        relay.Recording.Ring = new RecordingRing(RingBytes);
        var parts = new RecordingParts
        {
            NodeId = "load",
            Keys = new RecordingKeys(new byte[32]),
            Store = new LocalRecordingStore(new RecordingFolder(folder), freeBytesMin: 1 << 30),
            Counters = _counters,
            Closed = _closed.Add,
        };
        var settings = new RecordingSettings { Folder = folder, NodeId = "load" };
        _writer = new RecordingWriter([relay.Recording], parts, settings, _clock, this);
        _writer.Start();
    }

    /// <summary>Begins to record a session.</summary>
    public void Begin(int session, int call)
    {
        var facts = new CallFacts { DinUnixMs = _clock.UnixMs };
        Encoding.ASCII.GetBytes(call.ToString("D24", CultureInfo.InvariantCulture)).CopyTo(facts.TrnId);
        var owner = RecordingOwner.Map(new RouteRecord
        {
            DinId = "0120000001",
            OperatorId = OperatorId,
            ClientId = OperatorId,
            DialinId = OperatorId,
            Recording = RecordingSetting.Both,
        })!.Owner;
        Span<byte> label = stackalloc byte[RecordingTap.LabelLengthMax];
        var length = RecordingLabel.Write(facts, owner, label);
        var start = new RecordingStart { UnixMs = _clock.UnixMs, Sides = RecordedSides.Both };
        if (!_relay.Recording.TryStart(session, start, label[..length], _clock.NowMs))
            throw new InvalidOperationException("A recording does not begin.");
        _sessions.Add(session);
    }

    /// <summary>Ends all recordings; one line of what they came to.</summary>
    public string End()
    {
        foreach (var session in _sessions) _relay.Recording.Stop(session, _clock.NowMs);
        _writer.Dispose();
        var complete = _closed.Count(c => c.Row.Summary.State == RecordingState.Complete && c.HasFile);
        var missing = _closed.Sum(c => (long)c.Row.Summary.MissingMs);
        var lost = _closed.Sum(c => (long)c.Row.Summary.CallerLostMs + c.Row.Summary.CalleeLostMs);
        return string.Create(CultureInfo.InvariantCulture,
            $"recordings {_closed.Count} complete {complete} packets {_relay.Recording.Packets} "
            + $"dropped {_relay.Recording.PacketsDropped} missing_ms {missing} lost_ms {lost} bytes {_counters.Bytes}");
    }

    public void Report(BackendEvent what, string detail) => Console.Error.WriteLine($"{what}: {detail}");
}
