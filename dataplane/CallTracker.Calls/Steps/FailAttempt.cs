using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Ringback;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Treatment;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>Closes the present attempt, unanswered, and lets the treatment go on.</summary>
internal static class FailAttempt
{
    /// <summary>The destination refused.</summary>
    public static void ByResponse(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        var outcome = FailureMap.OutcomeOf(code, call.HasRung);
        Close(engine, call, code, at);
        RunTreatment.OnAttemptFailed(engine, call, outcome, EndReason.Rejected, FailureMap.ToCaller(code), at);
    }

    /// <summary>
    /// It was not answered within its ring time; the INVITE is cancelled and a late answer ended when it comes.
    /// </summary>
    public static void ByRingTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        var outcome = call.HasRung ? CallOutcome.NoAnswer : CallOutcome.Unresponsive;
        engine.Sip.StartCancel(call.Outbound.Invite, at.NowMs);
        Close(engine, call, 0, at);
        RunTreatment.OnAttemptFailed(engine, call, outcome, EndReason.RingTimeout, 480, at);
    }

    /// <summary>The trunk gave no sign of life, or the transport failed.</summary>
    public static void ByTrunk(CallEngine engine, Call call, in ReceivedAt at)
    {
        engine.Sip.StartCancel(call.Outbound.Invite, at.NowMs);
        Close(engine, call, 0, at);
        RunTreatment.OnAttemptFailed(engine, call, CallOutcome.Unresponsive, EndReason.TrunkTimeout, 408, at);
    }

    /// <summary>
    /// It answered with media nobody can use: acknowledged, ended, and treated as a line that cannot be had.
    /// </summary>
    public static void ByUnusableAnswer(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        StrayAnswer.EndIfAnswered(engine, call.Outbound.Invite, response, at);
        Close(engine, call, 488, at);
        RunTreatment.OnAttemptFailed(engine, call, CallOutcome.LineUnavailable, EndReason.UnusableMedia, 488, at);
    }

    private static void Close(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.TrunkTimer);
        engine.Timers.Cancel(ref call.StepTimer);
        TakeStir.Abandon(engine, call);
        PlayRingback.Stop(engine, call);
        ref var attempt = ref call.Facts.Attempts[^1];
        attempt.SipCode = code;
        attempt.RingMs = (uint)(at.NowMs - call.DialedMs);
        call.Outbound.Invite = default;
        MediaPorts.ForgetDestination(engine, call, at);
    }
}
