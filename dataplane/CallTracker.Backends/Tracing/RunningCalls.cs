using CallTracker.Contracts.Tracing;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Calls that are up and asked for: what is new of each is kept every <see cref="TraceSettings.RunningMs"/>, so that
/// their ladders can be read before they end. An order also finds the calls that were up when it came. Owned by the
/// collector's task.
/// </summary>
internal sealed class RunningCalls(
    IReadOnlyList<RingFollower> followers, CallChooser chooser, LadderKeeper keeper, TraceSettings settings,
    IClock clock)
{
    private readonly List<(RingFollower Follower, TracedCall Call)> _calls = [];
    private TraceRequestRecord[] _orders = chooser.Orders;

    /// <summary>It is known whose the call is.</summary>
    public void OnStarted(RingFollower follower, TracedCall call)
    {
        if (_orders.Length > 0) Choose(follower, call);
    }

    /// <summary>Looks at all calls when the orders have changed, and keeps what is due.</summary>
    public void Turn()
    {
        if (!ReferenceEquals(_orders, chooser.Orders)) ChooseAll();
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var (follower, call) = _calls[i];
            // Ended calls are the collector's; what the table had no room for is forgotten here too.
            var isUp = call.End is null && follower.Conversations.FindCall(call.TrnId) == call;
            if (!isUp) _calls.RemoveAt(i);
            else if (clock.NowMs >= call.DueMs) Keep(follower, call);
        }
    }

    private void ChooseAll()
    {
        _orders = chooser.Orders;
        if (_orders.Length == 0) return;
        foreach (var follower in followers)
        {
            foreach (var call in follower.Conversations.Calls) Choose(follower, call);
        }
    }

    private void Choose(RingFollower follower, TracedCall call)
    {
        if (call.Start is null || call.End is not null || call.Cause != TraceCause.None) return;
        if (_calls.Count >= settings.RunningMax || !chooser.IsRequestedNow(call.Start)) return;
        call.Cause = TraceCause.Requested;
        call.DueMs = clock.NowMs;
        _calls.Add((follower, call));
    }

    private void Keep(RingFollower follower, TracedCall call)
    {
        keeper.Keep(follower.Ring, call);
        call.DueMs = clock.NowMs + settings.RunningMs;
    }
}
