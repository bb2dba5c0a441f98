using CallTracker.Backends.Redis;
using CallTracker.Calls.Tracing;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Tracing;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// The trace of a node behind its workers: one thread reads the rings, one ships what is kept, one follows the orders.
/// The node makes it, starts it with the workers and stops it after them.
/// </summary>
public sealed class SipTrace : IAsyncDisposable
{
    private readonly TraceSettings _settings;
    private readonly IBackendLog _log;
    private readonly CallerCipher _callers;
    private readonly TraceCipher _messages;
    private readonly TraceRequestFeed _requests;
    private readonly TraceShipper _shipper;
    private readonly HepMirror? _mirror;
    private readonly TraceCollector _collector;
    // A thread that waits by itself: by timer and pool each turn would wake three threads. No spinning.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private Task _loop = Task.CompletedTask;

    /// <param name="settings">What can be set.</param>
    /// <param name="rings">One of each worker.</param>
    /// <param name="clickHouse">Where kept messages go.</param>
    /// <param name="redis">Where the orders are.</param>
    /// <param name="keyPath">The installation's key file; made when missing.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Where faults are told.</param>
    public SipTrace(
        TraceSettings settings, IReadOnlyList<TraceRing> rings, ClickHouseClient clickHouse, RedisConnection redis,
        string keyPath, IClock clock, IBackendLog log)
    {
        (_settings, _log, Rings) = (settings, log, rings);
        _callers = CallerCipher.OpenOrCreate(keyPath);
        _messages = TraceCipher.OpenOrCreate(keyPath);
        _requests = new TraceRequestFeed(redis, log);
        _shipper = new TraceShipper(clickHouse, settings, Counters, log);
        _mirror = settings.Hep is null ? null : new HepMirror(settings, settings.Hep, Counters);
        var followers = rings.Select(r => new RingFollower(r, settings, _mirror, Counters)).ToArray();
        var chooser = new CallChooser(settings, () => _requests.Current, _callers, clock, Counters);
        var keeper = new LadderKeeper(settings, _messages, _shipper, clock, Counters);
        _collector = new TraceCollector(followers, chooser, keeper, settings, clock);
    }

    internal TraceCounters Counters { get; } = new();
    internal IReadOnlyList<TraceRing> Rings { get; }
    internal long QueuedBytes => _shipper.QueuedBytes;
    internal int RequestCount => _requests.Current.Length;

    public void Start()
    {
        _requests.Start();
        _shipper.Start();
        _loop = Task.Factory.StartNew(
            Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Keeps what the ended calls left, ships it and ends, at the latest after <paramref name="msMax"/>.
    /// </summary>
    public async Task StopAsync(int msMax)
    {
        _stop.Set();
        await _loop;
        await _shipper.StopAsync(msMax);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(0);
        await _requests.DisposeAsync();
        await _shipper.DisposeAsync();
        _mirror?.Dispose();
        _messages.Dispose();
        _callers.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        Thread.CurrentThread.Name = "sip-trace";
        var hasFailed = false;
        while (true)
        {
            var isLast = _stop.IsSet;
            try
            {
                _collector.Turn(isLast);
                hasFailed = false;
            }
            catch (Exception e)
            {
                // A trace must never end the node, and one odd call not the trace.
                if (!hasFailed) _log.Report(BackendEvent.TraceFailed, e.GetType().Name);
                hasFailed = true;
            }
            if (isLast) return;
            _stop.Wait(_collector.IsQuiet ? _settings.QuietPollMs : _settings.PollMs);
        }
    }
}
