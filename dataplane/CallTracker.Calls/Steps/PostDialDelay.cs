using CallTracker.Calls.Engine;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Counts post-dial delay once a call: from the caller's INVITE to the first 18x or 2xx of a destination.
/// </summary>
internal static class PostDialDelay
{
    public static void Count(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.HasPostDialDelay) return;
        call.HasPostDialDelay = true;
        engine.Counters.CountPostDialDelay(Math.Max(0, at.NowMs - call.ArrivedMs));
    }
}
