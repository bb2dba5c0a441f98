namespace CallTracker.Calls.Routing;

/// <summary>
/// Whether one address of a trunk answers, learnt from calls and probes together. Shared by all workers, which tell it
/// what they saw and read it per call; it outlives the trunk objects, that are replaced at each change. Lock-free: two
/// workers that tell at the same moment may count one time too few, which costs one more failure.
/// </summary>
public sealed class EndpointHealth
{
    /// <summary>Consecutive failures within <see cref="WindowMs"/> after which it is down.</summary>
    public const int FailuresToDown = 3;
    /// <summary>Consecutive answered probes after which it is up again.</summary>
    public const int ProbesToUp = 2;
    /// <summary>Failures further apart than this are not one outage.</summary>
    public const int WindowMs = 10_000;
    /// <summary>How often one call tries an address that is down and that must not be probed.</summary>
    public const int TrialMs = 5_000;
    private int _failures;
    private int _answeredProbes;
    private long _firstFailureMs;
    private long _refusedMs = long.MinValue;
    private long _trialMs;
    private volatile bool _isDown;
    private long _downs;
    private long _ups;

    public bool IsDown => _isDown;

    /// <summary>True after a failure that nothing has disproved yet: worth a probe at once.</summary>
    public bool IsSuspect => !_isDown && Volatile.Read(ref _failures) > 0;

    /// <summary>When its host last said that nobody listens there; long.MinValue when it never did.</summary>
    public long RefusedMs => Volatile.Read(ref _refusedMs);

    /// <summary>Times it went down.</summary>
    public long Downs => Interlocked.Read(ref _downs);

    /// <summary>Times it came back.</summary>
    public long Ups => Interlocked.Read(ref _ups);

    /// <summary>A call was answered, whatever the answer: that is proof enough.</summary>
    public void OnCallAnswered()
    {
        if (Volatile.Read(ref _failures) == 0 && !_isDown) return;
        GoUp();
    }

    /// <summary>A probe was answered; one answer alone brings nothing back that was down.</summary>
    public void OnProbeAnswered()
    {
        if (!_isDown) Volatile.Write(ref _failures, 0);
        else if (Interlocked.Increment(ref _answeredProbes) >= ProbesToUp) GoUp();
    }

    /// <summary>A call or probe stayed without an answer, or could not be sent.</summary>
    public void OnFailure(long nowMs)
    {
        Volatile.Write(ref _answeredProbes, 0);
        if (_isDown) return;
        if (nowMs - Volatile.Read(ref _firstFailureMs) > WindowMs || Volatile.Read(ref _failures) == 0)
        {
            Volatile.Write(ref _firstFailureMs, nowMs);
            Volatile.Write(ref _failures, 0);
        }
        if (Interlocked.Increment(ref _failures) < FailuresToDown) return;
        Volatile.Write(ref _trialMs, nowMs + TrialMs);
        _isDown = true;
        Interlocked.Increment(ref _downs);
    }

    /// <summary>
    /// Its host sent an ICMP error: calls that wait for it need not wait longer. Counts as one failure.
    /// </summary>
    public void OnRefused(long nowMs)
    {
        Volatile.Write(ref _refusedMs, nowMs);
        OnFailure(nowMs);
    }

    /// <summary>True when it is down and one call may find out whether it still is.</summary>
    public bool IsTrialDue(long nowMs) => nowMs >= Volatile.Read(ref _trialMs);

    /// <summary>A call finds out; the next one may in <see cref="TrialMs"/>.</summary>
    public void StartTrial(long nowMs) => Volatile.Write(ref _trialMs, nowMs + TrialMs);

    private void GoUp()
    {
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _answeredProbes, 0);
        if (!_isDown) return;
        _isDown = false;
        Interlocked.Increment(ref _ups);
    }
}
