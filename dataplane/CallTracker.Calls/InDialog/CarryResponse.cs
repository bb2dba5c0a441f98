using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
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
        var isInvite = role is TransactionRole.ReinviteFromInbound or TransactionRole.ReinviteFromOutbound;
        if (isInvite) FinishReinvite(engine, call, leg, tx, response, at);
        else FinishRequest(engine, leg, response, at);
    }

    /// <summary>
    /// The other leg never answered: 408 to the asker; a re-INVITE that times out ends nothing by itself.
    /// </summary>
    public static void OnTimeout(CallEngine engine, Call call, TransactionRole role, in ReceivedAt at)
    {
        if (OriginOf(call, role) is not { } leg) return;
        var isInvite = role is TransactionRole.ReinviteFromInbound or TransactionRole.ReinviteFromOutbound;
        ref var carried = ref isInvite ? ref leg.Reinvite : ref leg.Request;
        if (!carried.IsPending) return;
        CarriedReply.Send(engine, leg, ref carried, 408, default, default, at);
        carried.Clear(engine.Buffers);
    }

    private static void FinishRequest(CallEngine engine, CallLeg leg, SipMessage response, in ReceivedAt at)
    {
        if (!leg.Request.IsPending) return;
        CarriedReply.Send(
            engine, leg, ref leg.Request, (ushort)response.StatusCode, response.ContentType, response.Body, at);
        leg.Request.Clear(engine.Buffers);
    }

    private static void FinishReinvite(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        var other = leg == call.Inbound ? call.Outbound : call.Inbound;
        if (!leg.Reinvite.IsPending) return;
        var code = (ushort)response.StatusCode;
        var body = ReadOnlySpan<byte>.Empty;
        if (code < 300)
        {
            other.Dialog.OnResponse(response);
            var usable = Bodies.IsSdp(response)
                && TryCarrySdp(engine, call, leg.Reinvite.HasOffer, other, response.Body, at, out body);
            if (!usable || leg.Reinvite.HasOffer) LegRequest.Ack(engine, other, tx, default, at);
            else other.UnacknowledgedClient = tx;
            if (!usable) code = 488;
        }
        // 401 and 407 concern our own hop; 481 and 408 mean that the other dialog is gone (RFC 3261 section 14.1).
        if (code is 401 or 407) code = 500;
        CarriedReply.Send(engine, leg, ref leg.Reinvite, code, default, body, at);
        if (code < 300)
            (leg.UnacknowledgedServer, leg.UnacknowledgedCSeq) = (leg.Reinvite.Server, engine.StoredView.CSeqNumber);
        leg.Reinvite.Clear(engine.Buffers);
        if (code is 481 or 408) EndCall.BySystem(engine, call, EndReason.ProtocolError, at);
    }

    private static bool TryCarrySdp(
        CallEngine engine, Call call, bool isAnswer, CallLeg other, ReadOnlySpan<byte> sdp,
        scoped in ReceivedAt at, out ReadOnlySpan<byte> body) =>
        isAnswer
            ? SdpCarrier.TryCarryAnswer(engine, call, other, sdp, at, out body)
            : SdpCarrier.TryRewrite(engine, call, other, sdp, out body);

    private static CallLeg? OriginOf(Call call, TransactionRole role) => role switch
    {
        TransactionRole.ReinviteFromInbound or TransactionRole.RequestFromInbound => call.Inbound,
        TransactionRole.ReinviteFromOutbound or TransactionRole.RequestFromOutbound => call.Outbound,
        _ => null,
    };
}
