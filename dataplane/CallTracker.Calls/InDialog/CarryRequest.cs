using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// Carries re-INVITE and INFO to the other leg and remembers whom to answer. One re-INVITE at a time in a call: a
/// crossing
/// one gets 491 (RFC 3261 section 14.2), a second one from the same side 500 with Retry-After.
/// </summary>
internal static class CarryRequest
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage request, in SipFlow flow,
        in ReceivedAt at)
    {
        var refusal = Check(engine, call, leg, request);
        if (refusal == 0 && !TrySend(engine, call, leg, tx, request, flow, at)) refusal = 503;
        if (refusal != 0) Reply.Send(engine, tx, request, flow, refusal, at);
    }

    private static ushort Check(CallEngine engine, Call call, CallLeg leg, SipMessage request)
    {
        if (call.State != CallState.Talking) return request.Method == SipMethod.Invite ? (ushort)491 : (ushort)481;
        if (request.MaxForwards == 0) return 483;
        if (request.Method == SipMethod.Info) return leg.Request.IsPending ? (ushort)500 : (ushort)0;
        if (leg.Reinvite.IsPending) return 500;
        var other = leg == call.Inbound ? call.Outbound : call.Inbound;
        var isCrossing = other.Reinvite.IsPending || !leg.UnacknowledgedServer.IsNone
            || !other.UnacknowledgedServer.IsNone || !other.UnacknowledgedClient.IsNone;
        return isCrossing ? (ushort)491 : Bodies.Check(request);
    }

    private static bool TrySend(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage request, in SipFlow flow,
        in ReceivedAt at)
    {
        var isInvite = request.Method == SipMethod.Invite;
        ref var carried = ref isInvite ? ref leg.Reinvite : ref leg.Request;
        if (!carried.Stored.TryKeep(engine.Buffers, request, flow.Remote)) return false;
        (carried.Server, carried.HasOffer) = (tx, isInvite && Bodies.IsSdp(request));
        var body = isInvite ? default : request.Body;
        if (carried.HasOffer && !SdpCarrier.TryRewrite(engine, call, leg, request.Body, out body))
        {
            carried.Clear(engine.Buffers);
            return false;
        }
        var other = leg == call.Inbound ? call.Outbound : call.Inbound;
        carried.Client = LegRequest.Carry(engine, other, request, body, RoleOf(call, leg, isInvite), call, at);
        if (carried.Client.IsNone)
        {
            carried.Clear(engine.Buffers);
            return false;
        }
        engine.Sip.SetUser(tx, (isInvite ? call.Ref(TransactionRole.InboundInvite) : CallRef.Detached).ToUser());
        if (isInvite) Reply.Send(engine, tx, request, flow, 100, at);
        return true;
    }

    private static TransactionRole RoleOf(Call call, CallLeg leg, bool isInvite)
    {
        var fromInbound = leg == call.Inbound;
        if (isInvite) return fromInbound ? TransactionRole.ReinviteFromInbound : TransactionRole.ReinviteFromOutbound;
        return fromInbound ? TransactionRole.RequestFromInbound : TransactionRole.RequestFromOutbound;
    }
}
