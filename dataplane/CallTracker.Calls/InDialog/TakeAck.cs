using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Protection;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// ACK to a 2xx of ours: stops its retransmission; when the other side made the offer, the answer in it goes there.
/// </summary>
internal static class TakeAck
{
    public static void Run(CallEngine engine, SipMessage ack, in SipFlow flow, in ReceivedAt at)
    {
        if (!DialogSwitch.TryFind(engine, ack.ToTag, out var call, out var leg)) return;
        if (DialogPeer.IsForeign(engine, call, leg, ack, flow)) return;
        if (leg.Dialog.CheckRequest(ack) != SipDialogCheck.Ok || leg.UnacknowledgedServer.IsNone) return;
        if (ack.CSeqNumber != leg.UnacknowledgedCSeq) return;
        engine.Sip.ConfirmAck(leg.UnacknowledgedServer);
        leg.UnacknowledgedServer = default;
        if (call.State == CallState.AwaitingAck)
        {
            EndCall.Finish(engine, call, at);
            return;
        }
        var other = leg == call.Inbound ? call.Outbound : call.Inbound;
        if (!other.UnacknowledgedClient.IsNone) PassAnswer(engine, call, leg, other, ack, at);
        else if (leg.Description.IsDue) RefreshSession.Send(engine, call, leg, at);
    }

    // The caller's answer serves as an offer later, as an offer of its own would.
    private static void KeepForTransfer(CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body)
    {
        var isWanted = leg == call.Inbound && call.IsLateOffer && call.Trunk is { Refer: ReferPolicy.Execute };
        if (isWanted && call.Offer.TryKeep(engine.Buffers, body)) call.IsLateOffer = false;
    }

    private static void PassAnswer(
        CallEngine engine, Call call, CallLeg leg, CallLeg other, SipMessage ack, in ReceivedAt at)
    {
        var client = other.UnacknowledgedClient;
        other.UnacknowledgedClient = default;
        var body = ReadOnlySpan<byte>.Empty;
        // The answer to the first offer must have audio, or there is no call.
        var mayRefuse = client != other.Invite;
        var usable = Bodies.IsSdp(ack) && (SdpCarrier.TryCarryAnswer(engine, call, leg, ack.Body, at, out body)
            || (mayRefuse && SdpCarrier.TryCarryRefusal(engine, call, leg, ack.Body, at, out body)));
        LegRequest.Ack(engine, other, client, body, at);
        other.Description.Settle(engine.Buffers);
        // An offer that was never answered leaves no session to keep (RFC 3264 section 4).
        if (usable) KeepForTransfer(engine, call, leg, body);
        else EndCall.BySystem(engine, call, Model.EndReason.UnusableMedia, at);
    }
}
