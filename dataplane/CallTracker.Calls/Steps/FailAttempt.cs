using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Ringback;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Treatment;
using CallTracker.Calls.Trunks;
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
        if (FailoverMap.TriesNextTrunk(code, call.HasRung) && DialTarget.TryNextTrunk(engine, call, at)) return;
        RunTreatment.OnAttemptFailed(engine, call, outcome, EndReason.Rejected, FailureMap.ToCaller(code), at);
    }

    /// <summary>
    /// It was not answered within its ring time; the INVITE is cancelled and a late answer ended when it comes.
    /// </summary>
    public static void ByRingTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        var outcome = call.HasRung ? CallOutcome.NoAnswer : CallOutcome.Unresponsive;
        Cancel(engine, call, EndReason.RingTimeout, at);
        Close(engine, call, 0, at);
        RunTreatment.OnAttemptFailed(engine, call, outcome, EndReason.RingTimeout, 480, at);
    }

    /// <summary>The trunk gave no sign of life, or the transport failed.</summary>
    public static void ByTrunk(CallEngine engine, Call call, in ReceivedAt at)
    {
        TrunkWatch.OnFailure(call, at);
        Cancel(engine, call, EndReason.TrunkTimeout, at);
        Close(engine, call, 0, at);
        if (!call.HasRung && DialTarget.TryNextTrunk(engine, call, at)) return;
        RunTreatment.OnAttemptFailed(engine, call, CallOutcome.Unresponsive, EndReason.TrunkTimeout, 408, at);
    }

    /// <summary>
    /// It answered with media nobody can use: acknowledged, ended, and treated as a line that cannot be had.
    /// </summary>
    public static void ByUnusableAnswer(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        ReasonHeader.Make(engine.Reason, EndReason.UnusableMedia);
        StrayAnswer.EndIfAnswered(engine, call.Outbound.Invite, response, at);
        Close(engine, call, 488, at);
        RunTreatment.OnAttemptFailed(engine, call, CallOutcome.LineUnavailable, EndReason.UnusableMedia, 488, at);
    }

    /// <summary>Its reliable 18x made an offer that cannot be answered in time: cancelled.</summary>
    public static void ByUnusableOffer(CallEngine engine, Call call, in ReceivedAt at)
    {
        Cancel(engine, call, EndReason.UnusableMedia, at);
        Close(engine, call, 488, at);
        RunTreatment.OnAttemptFailed(engine, call, CallOutcome.LineUnavailable, EndReason.UnusableMedia, 488, at);
    }

    /// <summary>
    /// It sends the caller elsewhere: the place it names is tried next, as long as the ring time lasts.
    /// </summary>
    public static void ByRedirect(
        CallEngine engine, Call call, ushort code, PhoneNumber number, in ReceivedAt at)
    {
        var ringMs = RingMsLeft(call, at);
        Close(engine, call, code, at);
        if (DialTarget.TryRun(engine, call, number, ringMs, at)) return;
        RunTreatment.OnAttemptFailed(
            engine, call, CallOutcome.LineUnavailable, EndReason.Rejected, FailureMap.ToCaller(code), at);
    }

    private static void Cancel(CallEngine engine, Call call, EndReason reason, in ReceivedAt at)
    {
        ReasonHeader.Make(engine.Reason, reason);
        engine.Sip.StartCancel(call.Outbound.Invite, engine.Reason.Text, at.NowMs);
    }

    private static int RingMsLeft(Call call, in ReceivedAt at) =>
        (int)Math.Max(1, call.TargetRingMs - (at.NowMs - call.TargetDialedMs));

    private static void Close(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.TrunkTimer);
        engine.Timers.Cancel(ref call.StepTimer);
        TakeStir.Abandon(engine, call);
        PlayRingback.Stop(engine, call);
        ref var attempt = ref call.Facts.Attempts[^1];
        attempt.SipCode = code;
        attempt.RingMs = (uint)(at.NowMs - call.DialedMs);
        engine.TakeBackEarlyDialogs(call);
        call.HasEarlyOffer = false;
        (call.Outbound.Invite, call.Outbound.IsSettled, call.Outbound.AllowsUpdate) = (default, false, false);
        call.Outbound.Session = default;
        call.OutboundLease.Release();
        MediaPorts.ForgetDestination(engine, call, at);
        CallersAnswer.BecomeOffer(engine, call);
    }
}
