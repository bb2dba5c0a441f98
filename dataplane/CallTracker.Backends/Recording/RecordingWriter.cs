using CallTracker.Core.Time;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// The thread that makes the recordings of all workers. Workers never wait for it: what it is too slow for is dropped
/// at their rings and counted.
/// </summary>
internal sealed class RecordingWriter : IDisposable
{
    // While nothing is recorded: a quarter of a second of a thousand calls fits the ring.
    private const int IdleTurnMs = 250;
    private readonly List<TapReader> _readers = [];
    private readonly RecordingParts _parts;
    private readonly RecordingSettings _settings;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    // Without spinning, which would cost more than a turn with nothing to do.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private Thread? _thread;
    private long _checkAtMs = long.MinValue;
    private long _failuresSeen;
    private bool _isTold;

    /// <param name="taps">One of each worker; those without a ring are passed over.</param>
    /// <param name="parts">What the recordings share.</param>
    /// <param name="settings">Times.</param>
    /// <param name="clock">The workers' clock.</param>
    /// <param name="log">Where faults are told.</param>
    public RecordingWriter(
        IReadOnlyList<RecordingTap> taps, RecordingParts parts, RecordingSettings settings, IClock clock,
        IBackendLog log)
    {
        (_parts, _settings, _clock, _log) = (parts, settings, clock, log);
        foreach (var tap in taps)
        {
            if (tap.Ring is { } ring) _readers.Add(new TapReader(tap, ring, parts, clock));
        }
    }

    /// <summary>Bytes that wait in the rings; any thread.</summary>
    public long Waiting => _readers.Sum(reader => reader.Waiting);

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "recorder" };
        _thread.Start();
    }

    /// <summary>One round; called by the thread and by tests.</summary>
    public void Turn()
    {
        // Without recordings nobody needs the disk; the first one finds it looked at.
        var isCheckDue = _clock.NowMs >= _checkAtMs && (IsRecording() || Waiting > 0 || _parts.Unended.Count > 0);
        if (isCheckDue)
        {
            _checkAtMs = _clock.NowMs + _settings.CheckMs;
            _parts.Store.Check();
            TellFaults();
            _parts.Unended.Retry(_parts.Scratch.Chunk, _parts.Closed);
        }
        foreach (var reader in _readers) reader.Turn(isCheckDue);
    }

    /// <summary>Ends the thread, and after what waits all recordings; the workers have ended before.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        Turn();
        foreach (var reader in _readers) reader.Dispose();
        _parts.Unended.Dispose();
        _parts.Decoders.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(IsRecording() ? _settings.TurnMs : IdleTurnMs))
        {
            try
            {
                Turn();
            }
            catch (Exception e)
            {
                // The thread must outlive whatever the file system does; the next turn goes on.
                _log.Report(BackendEvent.RecordingFailed, e.Message);
            }
        }
    }

    private bool IsRecording() => _readers.Exists(static reader => reader.OpenCount > 0);

    // Once for all recordings that suffer from it, until it is over.
    private void TellFaults()
    {
        var failures = _parts.Counters.Failures;
        var isFailing = failures > _failuresSeen;
        _failuresSeen = failures;
        if (isFailing && !_isTold) _log.Report(BackendEvent.RecordingFailed, "The disk takes no recordings.");
        else if (!isFailing && _isTold) _log.Report(BackendEvent.RecordingResumed, "The disk takes recordings again.");
        _isTold = isFailing;
    }
}
