using CallTracker.Calls.Model;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Tracing;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Decides which ended calls are kept: asked for, failed, or sampled. A call of no operator is not, since nobody could
/// read it. Owned by the collector's task.
/// </summary>
internal sealed class CallChooser(
    TraceSettings settings, Func<TraceRequestRecord[]> requests, CallerCipher cipher, IClock clock,
    TraceCounters counters)
{
    private long _second;
    private int _keptInSecond;

    public TraceCause Choose(EndedCall call)
    {
        if (call.OperatorId.Length == 0) return TraceCause.None;
        if (IsRequested(call, call.EndedMs)) return TraceCause.Requested;
        var cause = HasFailed(call) ? TraceCause.Failed : IsSampled(call.TrnId) ? TraceCause.Sampled : TraceCause.None;
        return cause == TraceCause.None || TryTakeTurn() ? cause : TraceCause.None;
    }

    /// <summary>
    /// Not answered, unless the caller gave up, or answered and then ended by a fault of a peer or of media.
    /// </summary>
    public static bool HasFailed(EndedCall call) => call.Outcome switch
    {
        CallOutcome.Answered => call.Reason is EndReason.AckTimeout or EndReason.MediaTimeout
            or EndReason.UnusableMedia or EndReason.ProtocolError,
        CallOutcome.CallerGaveUp => false,
        _ => true,
    };

    /// <summary>The orders in force; another array when they have changed.</summary>
    public TraceRequestRecord[] Orders => requests();

    /// <summary>True when a call that is up is asked for.</summary>
    public bool IsRequestedNow(EndedCall start) =>
        start.OperatorId.Length > 0 && IsRequested(start, clock.UnixMs);

    private bool IsRequested(EndedCall call, long unixMs)
    {
        var callerKey = 0UL;
        foreach (var request in requests())
        {
            if (request.OperatorId != call.OperatorId) continue;
            if (request.CallerKey != 0 && callerKey == 0) callerKey = cipher.Key(call.Caller);
            if (request.Matches(call.OperatorId, call.Called, callerKey, unixMs)) return true;
        }
        return false;
    }

    // FNV-1a, spread by a last multiplication: neighbouring ids differ in their last digits only.
    private bool IsSampled(string trnId)
    {
        var hash = 14695981039346656037;
        foreach (var c in trnId) hash = (hash ^ c) * 1099511628211;
        hash = (hash ^ (hash >> 32)) * 0x9E37_79B9_7F4A_7C15;
        return (hash >> 16) % 1_000_000 < (ulong)settings.SamplePpm;
    }

    private bool TryTakeTurn()
    {
        var second = clock.NowMs / 1000;
        if (second != _second) (_second, _keptInSecond) = (second, 0);
        if (_keptInSecond >= settings.CallsPerSecMax)
        {
            counters.Skipped++;
            return false;
        }
        _keptInSecond++;
        return true;
    }
}
