using CallTracker.Calls.Model;

namespace CallTracker.Calls.Engine;

/// <summary>How the present destination failed, kept while the next one must wait. Plain value.</summary>
/// <param name="Outcome">Of the destination.</param>
/// <param name="Reason">Why the call ends, should there be no other.</param>
/// <param name="Code">What the caller is told then; 0 while nothing waits.</param>
internal readonly record struct AttemptFailure(CallOutcome Outcome, EndReason Reason, ushort Code)
{
    public bool IsWaiting => Code != 0;
}
