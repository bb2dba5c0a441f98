namespace CallTracker.Node.Workers;

/// <summary>
/// Decides who takes new calls: at once that all do, when the first worker has enough; slowly that it alone does again.
/// The first worker's thread.
/// </summary>
/// <param name="nowMs">When it begins.</param>
internal sealed class SpreadControl(long nowMs)
{
    /// <summary>An INVITE is repeated for 64 * T1 = 32 s (RFC 3261 section 17.1.1.2); so long both are asked.</summary>
    public const int RepeatMs = 40_000;
    /// <summary>So long it must be calm before calls are gathered again.</summary>
    public const int CalmMs = 20_000;
    /// <summary>The first worker shares when it is busier, in thousandths of a core.</summary>
    public const int BusyMax = 400;
    /// <summary>All together are less busy than this when it is calm.</summary>
    public const int CalmBusyMax = 300;
    /// <summary>Audio is the load to come of calls that only ring: with more sessions it shares.</summary>
    public const int SessionsMax = 100;
    private long _sinceMs = nowMs;
    private long _calmSinceMs = nowMs;
    private SpreadPhase _phase;

    /// <summary>The phase that follows from the load.</summary>
    /// <param name="phase">The phase as it is.</param>
    /// <param name="load">Of the last interval.</param>
    /// <param name="nowMs">The node's clock.</param>
    public SpreadPhase Next(SpreadPhase phase, in SpreadLoad load, long nowMs)
    {
        if (phase != _phase) Enter(phase, nowMs);
        var isEnough = load.IsPressed || load.FirstBusy >= BusyMax || load.FirstSessions >= SessionsMax;
        var isCalm = !isEnough && load.AllBusy < CalmBusyMax && load.FirstSessions < SessionsMax / 2;
        if (!isCalm) _calmSinceMs = nowMs;
        var isRepeated = nowMs - _sinceMs < RepeatMs;
        switch (phase)
        {
            case SpreadPhase.Gathered when isEnough:
            case SpreadPhase.Closing when isEnough:
                Enter(SpreadPhase.Opening, nowMs);
                break;
            case SpreadPhase.Opening when !isRepeated:
                Enter(SpreadPhase.Spread, nowMs);
                break;
            case SpreadPhase.Spread when nowMs - _calmSinceMs >= CalmMs:
                Enter(SpreadPhase.Closing, nowMs);
                break;
            case SpreadPhase.Closing when !isRepeated:
                Enter(SpreadPhase.Gathered, nowMs);
                break;
            default:
                break;
        }
        return _phase;
    }

    private void Enter(SpreadPhase phase, long nowMs) => (_phase, _sinceMs) = (phase, nowMs);
}
