using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// Lets input gather in a busy event loop. Where thousands of sockets have a packet each every 20 ms, a loop that wakes
/// for every one pays a wake-up and an epoll_wait per packet; a short rest after a turn shares them among several. Idle
/// loops never rest, nor do those that have more to do than a rest would gather. Owned by one loop's thread.
/// </summary>
public sealed unsafe class TurnPacer
{
    /// <summary>The usual rest, which spares what it can. Why: ops/decisions/0058-longer-rests.md.</summary>
    public const int RestUsDefault = 750;
    /// <summary>
    /// The rest of a thread at real-time priority: with the kernel's timer slack of 50 µs, and the time that a turn
    /// takes, a packet waits for less than a millisecond.
    /// </summary>
    public const int RestUsRealTime = 450;
    // Below eight events a millisecond a rest gathers next to nothing.
    private const int BusyEventsPerMs = 8;
    private const int WindowMs = 8;
    /// <summary>So many events are worth a turn at once, usually.</summary>
    public const int GatheredMinDefault = 72;
    /// <summary>Of a thread at real-time priority.</summary>
    public const int GatheredMinRealTime = 48;
    private readonly TimeSpec _rest;
    private long _windowMs;
    private int _events;
    private bool _isBusy;

    /// <param name="restUs">How long a rest is; 0: never any.</param>
    /// <param name="gatheredMin">So many events are worth a turn at once.</param>
    public TurnPacer(int restUs = RestUsDefault, int gatheredMin = GatheredMinDefault)
    {
        _rest = new TimeSpec { Nanoseconds = restUs * 1000L };
        GatheredMin = gatheredMin;
    }

    /// <summary>The pacer of a loop's thread.</summary>
    /// <param name="isRealTime">The thread is to run at real-time priority: a millisecond matters.</param>
    public static TurnPacer Of(bool isRealTime) =>
        isRealTime ? new TurnPacer(RestUsRealTime, GatheredMinRealTime) : new TurnPacer();

    /// <summary>How long a rest is.</summary>
    public int RestUs => (int)(_rest.Nanoseconds / 1000);

    /// <summary>So many events end a rest, and a turn with as many is not followed by one.</summary>
    public int GatheredMin { get; }

    /// <summary>Rests taken since start.</summary>
    public long Rests { get; private set; }

    /// <summary>Tells of a turn's end; returns after a rest, or at once.</summary>
    /// <param name="events">What the turn handled.</param>
    /// <param name="nowMs">The loop's clock.</param>
    public void EndTurn(int events, long nowMs)
    {
        if (!IsRestDue(events, nowMs)) return;
        var rest = _rest;
        // A signal may end it early, which does no harm.
        _ = LibC.NanoSleep(&rest, null);
    }

    /// <summary>Tells of a turn's end; true when the loop should let input gather for <see cref="RestUs"/>.</summary>
    /// <param name="events">What the turn handled.</param>
    /// <param name="nowMs">The loop's clock.</param>
    /// <param name="mayRest">False counts alone: something else is to be looked at without delay.</param>
    public bool IsRestDue(int events, long nowMs, bool mayRest = true)
    {
        _events += events;
        var elapsedMs = nowMs - _windowMs;
        if (elapsedMs >= WindowMs)
        {
            _isBusy = _events >= elapsedMs * BusyEventsPerMs;
            (_windowMs, _events) = (nowMs, 0);
        }
        if (!mayRest || !_isBusy || _rest.Nanoseconds == 0 || events >= GatheredMin) return false;
        Rests++;
        return true;
    }
}
