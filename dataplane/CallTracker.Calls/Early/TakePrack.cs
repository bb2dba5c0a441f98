using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Calls.Treatment;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Early;

/// <summary>
/// PRACK from the caller (RFC 3262 section 3): stops the repetition of its 18x and lets go what waited for it. With SDP
/// it is the answer to a destination's offer, or a new offer. Worker thread only.
/// </summary>
internal static class TakePrack
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage prack, in SipFlow flow,
        in ReceivedAt at)
    {
        if (!Matches(call, leg, prack))
        {
            Reply.Send(engine, tx, prack, flow, 481, at);
            return;
        }
        call.Ringing.IsOpen = false;
        engine.Timers.Cancel(ref call.Ringing.Timer);
        call.Ringing.Sent.Release(engine.Buffers);
        // The 2xx overtook it: it stops what is repeated no more.
        if (call.State != CallState.Dialing) Reply.Send(engine, tx, prack, flow, 200, at);
        else if (call.Ringing.IsOffer) TakeAnswer(engine, call, tx, prack, flow, at);
        else TakeAcknowledgement(engine, call, tx, prack, flow, at);
    }

    private static bool Matches(Call call, CallLeg leg, SipMessage prack) =>
        leg == call.Inbound && call.Ringing.IsOpen && RAckValue.TryParse(prack.Header(SipHeaderKind.RAck), out var rack)
        && rack.IsInvite && rack.RSeq == call.Ringing.RSeq && rack.CSeq == call.Ringing.InviteCSeq;

    private static void TakeAcknowledgement(
        CallEngine engine, Call call, TransactionHandle tx, SipMessage prack, in SipFlow flow, in ReceivedAt at)
    {
        if (call.Ringing.HasSdp) call.Inbound.IsSettled = true;
        // A new offer in it goes to the destination, and its answer into our answer to the PRACK (section 5).
        if (!prack.Body.IsEmpty) CarryRequest.Run(engine, call, call.Inbound, tx, prack, flow, at);
        else Reply.Send(engine, tx, prack, flow, 200, at);
        if (call.IsAnswerHeld) CarryAnswer.Release(engine, call, at);
        else SendNext(engine, call, at);
    }

    // The destination made the offer in a reliable 18x; its PRACK waits for this answer, or it is gone by now.
    private static void TakeAnswer(
        CallEngine engine, Call call, TransactionHandle tx, SipMessage prack, in SipFlow flow, in ReceivedAt at)
    {
        var usable = Bodies.IsSdp(prack) && TryUse(engine, call, prack.Body, at);
        if (usable) CallersAnswer.Keep(engine, call, prack.Body);
        Reply.Send(engine, tx, prack, flow, 200, at);
        if (usable)
        {
            SendNext(engine, call, at);
            if (call.Failure.IsWaiting) RunTreatment.Resume(engine, call, at);
            return;
        }
        call.Facts.Outcome = CallOutcome.LineUnavailable;
        EndCall.Unanswered(engine, call, EndReason.UnusableMedia, 488, at);
    }

    private static bool TryUse(CallEngine engine, Call call, ReadOnlySpan<byte> answer, in ReceivedAt at)
    {
        call.Inbound.IsSettled = true;
        if (!call.HasEarlyOffer) return SdpCarrier.TryNoteAnswer(engine, call.Inbound, answer);
        if (!SdpCarrier.TryCarryAnswer(engine, call, call.Inbound, answer, at, out var body)) return false;
        AnswerEarlyOffer.Run(engine, call, body, at);
        return true;
    }

    private static void SendNext(CallEngine engine, Call call, in ReceivedAt at) =>
        SendReliably.SendNext(engine, call, at);
}
