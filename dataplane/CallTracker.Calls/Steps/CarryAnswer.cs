using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>
/// A destination answered: the answer goes into the journal, then to the caller, and the destination is acknowledged —
/// at once, or, when it made the offer, with the caller's ACK.
/// </summary>
internal static class CarryAnswer
{
    public static void Run(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.TrunkTimer);
        engine.Timers.Cancel(ref call.StepTimer);
        PostDialDelay.Count(engine, call, at);
        var body = ReadOnlySpan<byte>.Empty;
        var usable = call.Outbound.Dialog.OnResponse(response) == SipDialogResult.Ok
            && EarlyAnswer.TryOfAnswer(engine, call, response, at, out body);
        if (!usable)
        {
            FailAttempt.ByUnusableAnswer(engine, call, response, at);
            return;
        }
        PeerAbilities.Note(call.Outbound, response);
        StartSession(engine, call, response, at);
        // RFC 3262 section 3: no 2xx while an 18x with SDP waits for its PRACK.
        var mustWait = call.Ringing.IsOpen && call.Ringing.HasSdp;
        var isAnswerDue = call.IsLateOffer && !call.Outbound.IsSettled;
        if (!mustWait) Confirm(engine, call, at);
        AcknowledgeDestination(engine, call, isAnswerDue, at);
        if (mustWait) call.IsAnswerHeld = true;
        else Tell(engine, call, body, at);
    }

    /// <summary>The PRACK that the 2xx waited for has come.</summary>
    public static void Release(CallEngine engine, Call call, in ReceivedAt at)
    {
        call.IsAnswerHeld = false;
        Confirm(engine, call, at);
        Tell(engine, call, default, at);
    }

    private static void Tell(CallEngine engine, Call call, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        SendReliably.Stop(engine, call);
        CallerReply.Answer(engine, call, body, at);
        engine.TakeBackEarlyDialogs(call);
        var inbound = call.Inbound;
        var isKept = inbound.Description.IsDue || (inbound.Session.IntervalSec > 0 && !inbound.AllowsUpdate);
        if (!isKept) inbound.Description.Release(engine.Buffers);
    }

    // A peer that takes no UPDATE is refreshed with the offer it has.
    private static void StartSession(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        var leg = call.Outbound;
        leg.IsConfirmed = true;
        KeepSession.Take(engine, call, leg, response, at);
        leg.Description.IsWanted = leg.Session.IntervalSec > 0 && !leg.AllowsUpdate;
        if (!leg.Description.IsWanted || call.IsLateOffer) return;
        leg.Description.Keep(engine.Buffers, CodecPolicy.OfferFor(engine, call, call.Trunk!));
    }

    private static void Confirm(CallEngine engine, Call call, in ReceivedAt at)
    {
        var facts = call.Facts;
        call.State = CallState.Talking;
        call.Inbound.Dialog.ConfirmUas();
        (call.Inbound.IsConfirmed, call.Inbound.IsSettled, call.Outbound.IsSettled) = (true, true, true);
        (facts.TstUnixMs, facts.Outcome, facts.SipCode) = (at.UnixMs, CallOutcome.Answered, 200);
        facts.Attempts[^1].SipCode = 200;
        facts.Attempts[^1].RingMs = (uint)(at.NowMs - call.DialedMs);
        engine.Counters.Answered++;
        if (call.IsDirect) engine.Counters.AnsweredDirect++;
        engine.Media.MarkAnswered(call.Media, at.NowMs);
        RecordCall.Start(engine, call, at);
        engine.Journal.Answered(facts);
        var limitMs = engine.Settings.CallDurationMsMax;
        call.LifeTimer = engine.Timers.Schedule(at.NowMs, limitMs, (ushort)CallTimer.DurationLimit, call.Slot);
    }

    private static void AcknowledgeDestination(CallEngine engine, Call call, bool isAnswerDue, in ReceivedAt at)
    {
        var leg = call.Outbound;
        if (isAnswerDue) leg.UnacknowledgedClient = leg.Invite;
        else LegRequest.Ack(engine, leg, leg.Invite, default, at);
    }
}
