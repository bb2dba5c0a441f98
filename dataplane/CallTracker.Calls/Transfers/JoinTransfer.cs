using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// A transfer's target answered: it takes the outbound leg's place, whoever referred is told and ended, and the caller
/// is offered the new description. The record stays one, with one attempt more. Worker thread only.
/// </summary>
internal static class JoinTransfer
{
    public static void Run(
        CallEngine engine, Call call, CallTransfer transfer, SipMessage response, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.StepTimer);
        if (!TryConnect(engine, call, transfer, response, at))
        {
            FailTransfer.ByUnusableAnswer(engine, call, response, at);
            return;
        }
        NoteAnswer(engine, call, transfer, at);
        StartTarget(engine, call, response, at);
        LeaveReferrer(engine, call, transfer, at);
        engine.Transfers.TakeBack(call, engine.Buffers);
        OfferToCaller(engine, call, at);
    }

    // Both sides' media is in force from here on; the side's port stays.
    private static bool TryConnect(
        CallEngine engine, Call call, CallTransfer transfer, SipMessage response, in ReceivedAt at)
    {
        var leg = transfer.Leg;
        if (leg.Dialog.OnResponse(response) != SipDialogResult.Ok || !Bodies.IsSdp(response)) return false;
        var seat = TransferSeat.Take(call, transfer);
        call.Inbound.Description.IsWanted = true;
        if (SdpCarrier.TryCarryAnswer(engine, call, leg, response.Body, at, out _))
        {
            MediaPorts.SetSource(engine, call, leg, call.Trunk);
            return true;
        }
        seat.Leave();
        call.Inbound.Description.Revert(engine.Buffers);
        SdpCarrier.Restore(engine, call, call.Inbound, call.Inbound.Media, at);
        return false;
    }

    private static void NoteAnswer(CallEngine engine, Call call, CallTransfer transfer, in ReceivedAt at)
    {
        ref var attempt = ref call.Facts.Attempts[^1];
        (attempt.SipCode, attempt.RingMs) = (200, (uint)(at.NowMs - transfer.DialedMs));
        call.OutboundLease.Release();
        (call.OutboundLease, transfer.Lease) = (transfer.Lease, default);
        engine.Counters.TransfersJoined++;
        // A node that dies from here on leaves a record that knows with whom the caller talked.
        engine.Journal.Answered(call.Facts);
    }

    private static void StartTarget(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        var leg = call.Outbound;
        (leg.IsConfirmed, leg.IsSettled) = (true, true);
        PeerAbilities.Note(leg, response);
        LegRequest.Ack(engine, leg, leg.Invite, default, at);
        KeepSession.Take(engine, call, leg, response, at);
        leg.Description.IsWanted = leg.Session.IntervalSec > 0 && !leg.AllowsUpdate;
        if (leg.Description.IsWanted)
            leg.Description.Keep(engine.Buffers, CodecPolicy.OfferFor(engine, call, call.Trunk!));
    }

    private static void LeaveReferrer(CallEngine engine, Call call, CallTransfer transfer, in ReceivedAt at)
    {
        var referrer = transfer.Leg;
        KeepSession.Stop(engine, referrer);
        LegRequest.RefuseCarried(engine, call, referrer, at);
        if (transfer.IsReferrerGone) return;
        NotifyReferrer.Send(engine, referrer, transfer, call.ReferCount > 1, 200, isFinal: true, at);
        LegRequest.Bye(engine, referrer, at);
    }

    private static void OfferToCaller(CallEngine engine, Call call, in ReceivedAt at)
    {
        call.Inbound.Description.IsDue = true;
        RefreshSession.Send(engine, call, call.Inbound, at);
    }
}
