using CallTracker.Contracts.Tracing;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Follows the rings of all workers and decides, a moment after each call's end, whether its messages are kept; a kept
/// call is looked at once more when everything that can still come has come. Calls that somebody asked for are kept as
/// they go (<see cref="RunningCalls"/>). One task.
/// </summary>
internal sealed class TraceCollector(
    IReadOnlyList<RingFollower> followers, CallChooser chooser, LadderKeeper keeper, TraceSettings settings,
    IClock clock)
{
    private readonly List<TracedCall> _started = [];
    private readonly List<TracedCall> _ended = [];
    private readonly RunningCalls _running = new(followers, chooser, keeper, settings, clock);
    private readonly Queue<(RingFollower Follower, TracedCall Call)> _settling = new();
    private readonly Queue<(RingFollower Follower, TracedCall Call)> _lingering = new();

    /// <summary>Calls ended and not yet let go.</summary>
    public int WaitingCount => _settling.Count + _lingering.Count;

    /// <summary>True when nothing was new in the last turn and nothing waits.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (var follower in followers)
            {
                if (!follower.WasQuiet) return false;
            }
            return WaitingCount == 0;
        }
    }

    /// <summary>Reads all rings and does what is due.</summary>
    /// <param name="isLast">True decides on every ended call now: the node stops.</param>
    public void Turn(bool isLast = false)
    {
        foreach (var follower in followers) Read(follower);
        _running.Turn();
        while (TryTakeDue(_settling, isLast, out var next)) Decide(next.Follower, next.Call);
        while (TryTakeDue(_lingering, isLast, out var next)) LookAgain(next.Follower, next.Call);
        if (isLast) keeper.Flush();
        else keeper.FlushIfDue();
    }

    private void Read(RingFollower follower)
    {
        _started.Clear();
        _ended.Clear();
        follower.Read(_started, _ended);
        foreach (var call in _started) _running.OnStarted(follower, call);
        foreach (var call in _ended)
        {
            call.DueMs = clock.NowMs + settings.SettleMs;
            _settling.Enqueue((follower, call));
        }
    }

    private bool TryTakeDue(
        Queue<(RingFollower Follower, TracedCall Call)> queue, bool isLast,
        out (RingFollower Follower, TracedCall Call) next)
    {
        next = default;
        if (queue.Count == 0 || (!isLast && queue.Peek().Call.DueMs > clock.NowMs)) return false;
        next = queue.Dequeue();
        return true;
    }

    private void Decide(RingFollower follower, TracedCall call)
    {
        if (call.Cause == TraceCause.None) call.Cause = chooser.Choose(call.End!);
        if (call.Cause != TraceCause.None) keeper.Keep(follower.Ring, call);
        // Mirrored messages bear the call's id to the last; without a mirror an unwanted call is let go at once.
        if (call.Cause == TraceCause.None && settings.Hep is null)
        {
            follower.Conversations.Release(call);
            return;
        }
        call.DueMs = clock.NowMs + settings.LingerMs - settings.SettleMs;
        _lingering.Enqueue((follower, call));
    }

    private void LookAgain(RingFollower follower, TracedCall call)
    {
        if (call.Cause != TraceCause.None) keeper.Keep(follower.Ring, call);
        follower.Conversations.Release(call);
    }
}
