using CallTracker.Calls.Engine;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Stir;

/// <summary>
/// What the STIR service answered, or that it did not: back to the call that waits. An answer that comes too late finds
/// no call, or one that waits for something else. Worker thread only.
/// </summary>
internal static class TakeStir
{
    public static void Run(CallEngine engine, StirJob job, in ReceivedAt at)
    {
        if (engine.Calls.Find(job.Call) is { } call && call.Stir.Pending == job)
        {
            if (job.Kind == StirJobKind.Verify) VerifyCaller.OnVerdict(engine, call, job.Verdict, at);
            else SignCall.OnSigned(engine, call, job.Signature, at);
        }
        engine.Stir.Return(job);
    }

    public static void OnTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Stir.IsSigning) SignCall.OnTimeout(engine, call, at);
        else VerifyCaller.OnTimeout(engine, call, at);
    }

    /// <summary>The call ends: nothing is waited for any more.</summary>
    public static void Abandon(CallEngine engine, Call call)
    {
        VerifyCaller.Abandon(engine, call);
        SignCall.Abandon(engine, call);
    }
}
