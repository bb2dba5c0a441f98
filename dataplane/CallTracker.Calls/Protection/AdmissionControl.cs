namespace CallTracker.Calls.Protection;

/// <summary>
/// Decides which share of new calls one worker takes, by the one figure that tells overload from load: how long
/// messages wait before they are handled (kernel receive time to handling). As in CoDel (RFC 8289) the shortest wait of
/// an interval counts, so that a burst refuses nobody and only a queue that never empties does, and of several queues
/// the one that is worst off, because an empty socket says nothing of a full mailbox; as in PIE (RFC 8033)
/// the share follows by proportional and integral steps, so that the worker stays fully busy at the target wait
/// instead of swinging between idle and drowned. It counts no arrivals: a repeated INVITE weighs nothing here. Owned
/// by its worker; <see cref="Threshold"/> and the figures may be read by any thread.
/// </summary>
/// <param name="targetMs">The wait that is aimed at under overload; 0 takes every call.</param>
public sealed class AdmissionControl(int targetMs)
{
    /// <summary>How often the share is set anew.</summary>
    public const int IntervalMs = 100;
    // Waits beyond tell nothing more; a step of the wall clock cannot do more harm than this for one interval.
    private const int DelayMsMax = 1_000;
    private const int NoSample = int.MaxValue;
    // The share moves by a factor, so that the loop gain is the same at 1.2 and at 10 times the load. One interval of
    // load L lengthens the wait by 100*(L*share - 1) ms; with these gains that loop has its poles at 0.75 and 0.85.
    private const double IntegralPerMs = 0.0004;
    private const double ProportionalPerMs = 0.004;
    private const double FactorMin = 0.5;
    private const double FactorMax = 1.2;
    // A worker whose queue all but emptied in the interval gives back faster: from a third to all within 2 s; one whose
    // queue does so again and again has lost its load, and is open within 4 s even from the smallest share.
    private const double FactorWhenIdle = 1.06;
    private const int IdlePartOfTarget = 5;
    private const int IdleIntervals = 3;
    // Enough is let through to find out that the load has gone.
    private const double ShareMin = 0.002;
    private long _intervalEndMs;
    // By queue; no message came from those at NoSample.
    private readonly int[] _shortestMs = [NoSample, NoSample, NoSample];
    private bool _hasSample;
    private int _idleIntervals;
    private uint _threshold = uint.MaxValue;
    private int _delayMs;

    /// <summary>New calls whose mark is above it are refused; <see cref="uint.MaxValue"/> takes all.</summary>
    public uint Threshold => Volatile.Read(ref _threshold);

    /// <summary>True while some calls are refused.</summary>
    public bool IsShedding => Threshold != uint.MaxValue;

    /// <summary>The share of new calls taken, 0 to 1.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>The shortest wait of the last whole interval.</summary>
    public int DelayMs => Volatile.Read(ref _delayMs);

    /// <summary>True when the call with this mark (a hash that its repetitions share) is taken.</summary>
    public bool Admits(uint mark) => mark <= _threshold;

    /// <summary>A message begins to be handled.</summary>
    /// <param name="delayMs">Its wait since the kernel received it.</param>
    /// <param name="nowMs">Monotonic time.</param>
    /// <param name="queue">Where it waited last.</param>
    public void Observe(long delayMs, long nowMs, InputQueue queue = InputQueue.Socket)
    {
        if (targetMs == 0) return;
        // After a silence, as a stalled worker's, an interval begins with the first message and does not end with it.
        if (!_hasSample && nowMs >= _intervalEndMs) _intervalEndMs = nowMs + IntervalMs;
        _hasSample = true;
        ref var shortestMs = ref _shortestMs[(int)queue];
        shortestMs = Math.Min(shortestMs, (int)Math.Clamp(delayMs, 0, DelayMsMax));
        if (nowMs >= _intervalEndMs) EndInterval(nowMs);
    }

    /// <summary>Time passes; called by the worker's loop, also when nothing arrives.</summary>
    public void Advance(long nowMs)
    {
        if (IsShedding && nowMs >= _intervalEndMs) EndInterval(nowMs);
    }

    private void EndInterval(long nowMs)
    {
        var delayMs = TakeWorst();
        if (IsShedding || delayMs > targetMs) Adjust(delayMs);
        Volatile.Write(ref _delayMs, delayMs);
        (_hasSample, _intervalEndMs) = (false, nowMs + IntervalMs);
    }

    private int TakeWorst()
    {
        var worstMs = 0;
        foreach (ref var shortestMs in _shortestMs.AsSpan())
        {
            if (shortestMs != NoSample) worstMs = Math.Max(worstMs, shortestMs);
            shortestMs = NoSample;
        }
        return worstMs;
    }

    private void Adjust(int delayMs)
    {
        var factor = 1 - (IntegralPerMs * (delayMs - targetMs)) - (ProportionalPerMs * (delayMs - _delayMs));
        _idleIntervals = delayMs <= targetMs / IdlePartOfTarget ? _idleIntervals + 1 : 0;
        if (_idleIntervals > 0) factor = Math.Max(factor, FactorWhenIdle);
        if (_idleIntervals >= IdleIntervals) factor = FactorMax;
        Share = Math.Clamp(Share * Math.Clamp(factor, FactorMin, FactorMax), ShareMin, 1);
        Volatile.Write(ref _threshold, Share >= 1 ? uint.MaxValue : (uint)(Share * uint.MaxValue));
    }
}
