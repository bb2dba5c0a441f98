using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>Carries the answer to a carried request back to the leg it came from.</summary>
internal static class CarryResponse
{
    public static void Run(
        CallEngine engine, Call call, TransactionRole role, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        var leg = OriginOf(call, role);
        if (leg is null || response.StatusCode < 200) return;
        ref var carried = ref IsReinvite(role) ? ref leg.Reinvite : ref leg.Request;
        if (!carried.IsPending)
        {
            // Its call is over and waits for the caller's ACK alone.
            if (response.CSeqMethod == SipMethod.Invite) StrayAnswer.EndIfAnswered(engine, tx, response, at);
            return;
        }
        var isOffer = IsReinvite(role) || carried.HasOffer;
        if (isOffer) FinishOffer(engine, call, leg, ref carried, tx, response, at);
        else FinishRequest(engine, call, leg, response, at);
    }

    /// <summary>
    /// The other leg never answered: 408 to the asker; a re-INVITE that times out ends nothing by itself.
    /// </summary>
    public static void OnTimeout(CallEngine engine, Call call, TransactionRole role, in ReceivedAt at)
    {
        if (OriginOf(call, role) is not { } leg) return;
        ref var carried = ref IsReinvite(role) ? ref leg.Reinvite : ref leg.Request;
        if (!carried.IsPending) return;
        var isOffer = IsReinvite(role) || carried.HasOffer;
        if (isOffer) CarryRequest.RevertOffer(engine, call, call.OtherThan(leg));
        CarriedReply.Send(engine, call, leg, ref carried, 408, default, default, at);
        carried.Clear(engine.Buffers);
    }

    private static void FinishRequest(
        CallEngine engine, Call call, CallLeg leg, SipMessage response, in ReceivedAt at)
    {
        CarriedReply.Send(
            engine, call, leg, ref leg.Request, (ushort)response.StatusCode, response.ContentType, response.Body, at);
        leg.Request.Clear(engine.Buffers);
    }

    private static void FinishOffer(
        CallEngine engine, Call call, CallLeg leg, ref CarriedRequest carried, TransactionHandle tx,
        SipMessage response, in ReceivedAt at)
    {
        var other = call.OtherThan(leg);
        var code = (ushort)response.StatusCode;
        var body = ReadOnlySpan<byte>.Empty;
        if (code < 300 && !TryTakeSuccess(engine, call, other, carried.HasOffer, tx, response, at, out body))
            code = 488;
        if (code < 300) other.Description.Settle(engine.Buffers);
        else CarryRequest.RevertOffer(engine, call, other);
        // 401 and 407 concern our own hop, and so does an interval (422): the next try has the one that was asked for.
        if (code == 422) RefreshSession.TryRaise(other, response);
        if (code is 401 or 407 or 422) code = 500;
        CarriedReply.Send(engine, call, leg, ref carried, code, default, body, at);
        var isReinvite = carried.Server == leg.Reinvite.Server;
        if (code < 300 && isReinvite)
            (leg.UnacknowledgedServer, leg.UnacknowledgedCSeq) = (carried.Server, engine.StoredView.CSeqNumber);
        carried.Clear(engine.Buffers);
        // 481 and 408 mean that the other dialog is gone (RFC 3261 section 14.1).
        if (code is 481 or 408) EndCall.BySystem(engine, call, EndReason.ProtocolError, at);
    }

    private static bool TryTakeSuccess(
        CallEngine engine, Call call, CallLeg other, bool hadOffer, TransactionHandle tx, SipMessage response,
        scoped in ReceivedAt at, out ReadOnlySpan<byte> body)
    {
        other.Dialog.OnResponse(response);
        PeerAbilities.Note(other, response);
        body = default;
        var isSdp = Bodies.IsSdp(response);
        var usable = isSdp && TryCarrySdp(engine, call, hadOffer, other, response.Body, at, out body);
        if (response.CSeqMethod == SipMethod.Invite)
        {
            // An offer without audio is not passed on; it gets its answer here.
            var mustRefuse = isSdp && !usable && !hadOffer;
            var refusal = mustRefuse ? SdpCarrier.RefusalFor(engine, call, other, response.Body) : default;
            if (!usable || hadOffer) LegRequest.Ack(engine, other, tx, refusal, at);
            else other.UnacknowledgedClient = tx;
        }
        if (other.IsConfirmed) KeepSession.Take(engine, call, other, response, at);
        return usable;
    }

    private static bool IsReinvite(TransactionRole role) =>
        role is TransactionRole.ReinviteFromInbound or TransactionRole.ReinviteFromOutbound;

    private static bool TryCarrySdp(
        CallEngine engine, Call call, bool isAnswer, CallLeg other, ReadOnlySpan<byte> sdp,
        scoped in ReceivedAt at, out ReadOnlySpan<byte> body) =>
        isAnswer
            ? SdpCarrier.TryCarryAnswer(engine, call, other, sdp, at, out body)
                || SdpCarrier.TryCarryRefusal(engine, call, other, sdp, at, out body)
            : SdpCarrier.TryCarryOffer(engine, call, other, sdp, out body);

    private static CallLeg? OriginOf(Call call, TransactionRole role) => role switch
    {
        TransactionRole.ReinviteFromInbound or TransactionRole.RequestFromInbound => call.Inbound,
        TransactionRole.ReinviteFromOutbound or TransactionRole.RequestFromOutbound => call.Outbound,
        _ => null,
    };
}
