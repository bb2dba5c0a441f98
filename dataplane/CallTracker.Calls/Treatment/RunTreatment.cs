using CallTracker.Calls.Direct;
using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Model;
using CallTracker.Calls.Protection;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Treatment;

/// <summary>
/// Interprets a route's treatment: today its destinations one after another (順次転送). Schedule, guidance, IVR and queue
/// take
/// their place here, before the first destination.
/// </summary>
internal static class RunTreatment
{
    // :: Step 6
    public static void Start(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (ForwardingGuard.IsLoop(engine, call))
        {
            EndCall.Refuse(engine, call, EndReason.Loop, 482, at);
            return;
        }
        if (!DirectMedia.TryTake(engine, call) && !MediaPorts.TryOpen(engine, call))
        {
            EndCall.Refuse(engine, call, EndReason.Capacity, 503, at);
            return;
        }
        var refusal = OfferIn.Prepare(engine, call);
        if (refusal != 0)
        {
            EndCall.Refuse(engine, call, EndReason.UnusableMedia, refusal, at);
            return;
        }
        Continue(engine, call, CallOutcome.NotTried, EndReason.NoTrunk, 480, at);
    }

    /// <summary>
    /// The present destination failed: the next one is tried, or the call ends with what the last one said.
    /// </summary>
    public static void OnAttemptFailed(
        CallEngine engine, Call call, CallOutcome outcome, EndReason reason, ushort code, in ReceivedAt at)
    {
        call.Caller.Reason = ForwardingReasons.After(outcome);
        call.TargetIndex++;
        var hasNext = call.TargetIndex < call.Facts.Route!.Targets.Length;
        if (hasNext && CallersAnswer.MustBeAwaited(call))
            (call.Failure, call.Facts.Outcome) = (new AttemptFailure(outcome, reason, code), outcome);
        else
            Continue(engine, call, outcome, reason, code, at);
    }

    /// <summary>The caller's answer came that the next destination waited for.</summary>
    public static void Resume(CallEngine engine, Call call, in ReceivedAt at)
    {
        var (outcome, reason, code) = call.Failure;
        call.Failure = default;
        CallersAnswer.BecomeOffer(engine, call);
        Continue(engine, call, outcome, reason, code, at);
    }

    private static void Continue(
        CallEngine engine, Call call, CallOutcome outcome, EndReason reason, ushort code, in ReceivedAt at)
    {
        var targets = call.Facts.Route!.Targets;
        for (; call.TargetIndex < targets.Length; call.TargetIndex++)
        {
            if (DestinationGuard.Refuses(call, targets[call.TargetIndex].Number))
            {
                (outcome, reason, code) = (CallOutcome.LineUnavailable, EndReason.DestinationForbidden, 403);
                continue;
            }
            if (DialTarget.TryRun(engine, call, targets[call.TargetIndex], at)) return;
            var refusal = call.DialReason == EndReason.UnusableMedia ? (ushort)488 : (ushort)503;
            (outcome, reason, code) = (CallOutcome.LineUnavailable, call.DialReason, refusal);
        }
        call.Facts.Outcome = outcome;
        EndCall.Unanswered(engine, call, reason, code, at);
    }
}
