using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// Carries re-INVITE, UPDATE, an offer in a PRACK, and INFO to the other leg and remembers whom to answer. One offer at
/// a time in a call (<see cref="OfferGlare"/>).
/// </summary>
internal static class CarryRequest
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage request, in SipFlow flow,
        in ReceivedAt at)
    {
        var refusal = Check(engine, call, leg, request);
        if (refusal == 0) refusal = TrySend(engine, call, leg, tx, request, flow, at);
        if (refusal != 0) Reply.Send(engine, tx, request, flow, refusal, at, call.TrunkOf(leg));
    }

    private static ushort Check(CallEngine engine, Call call, CallLeg leg, SipMessage request)
    {
        if (request.MaxForwards == 0) return 483;
        // Nobody is on the other side until a transfer's target answers.
        if (call.Transfer is { IsReferrerGone: true }) return 491;
        if (request.Method == SipMethod.Info)
            return call.State != CallState.Talking ? (ushort)481 : leg.Request.IsPending ? (ushort)500 : (ushort)0;
        var refusal = CheckState(call, leg, request);
        if (refusal == 0) refusal = OfferGlare.Check(call, leg);
        if (refusal == 0) refusal = Bodies.Check(request);
        if (refusal != 0) return refusal;
        var isSlotTaken = request.Method != SipMethod.Invite && leg.Request.IsPending;
        if (isSlotTaken) return 500;
        return SessionTerms.IsTooShort(request, SessionPolicy.Of(engine, call.TrunkOf(leg))) ? (ushort)422 : (ushort)0;
    }

    // Before the answer an offer can only go by UPDATE, when both sides have settled the first one (RFC 3311 section
    // 5.1); 504 says that it cannot be answered at once (section 5.2).
    private static ushort CheckState(Call call, CallLeg leg, SipMessage request)
    {
        if (call.State == CallState.Talking) return 0;
        if (request.Method == SipMethod.Invite || call.IsAnswerHeld) return 491;
        if (call.State != CallState.Dialing) return 481;
        if (!leg.IsSettled) return leg == call.Inbound ? (ushort)500 : (ushort)491;
        var other = call.OtherThan(leg);
        return other.IsSettled && other.AllowsUpdate ? (ushort)0 : (ushort)504;
    }

    private static ushort TrySend(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage request, in SipFlow flow,
        in ReceivedAt at)
    {
        var isInvite = request.Method == SipMethod.Invite;
        var isInfo = request.Method == SipMethod.Info;
        ref var carried = ref isInvite ? ref leg.Reinvite : ref leg.Request;
        if (!carried.Stored.TryKeep(engine.Buffers, request, flow.Remote)) return 503;
        (carried.Server, carried.HasOffer) = (tx, !isInfo && Bodies.IsSdp(request));
        var body = isInfo ? request.Body : default;
        if (carried.HasOffer && !SdpCarrier.TryCarryOffer(engine, call, leg, request.Body, out body))
        {
            MediaSecurity.Revert(call);
            carried.Clear(engine.Buffers);
            return 488;
        }
        var other = call.OtherThan(leg);
        var method = MethodTowards(call, other, request);
        carried.Client = LegRequest.Carry(engine, other, request, method, body, RoleOf(call, leg, isInvite), call, at);
        if (carried.Client.IsNone)
        {
            if (carried.HasOffer) RevertOffer(engine, call, other);
            carried.Clear(engine.Buffers);
            return 503;
        }
        engine.Sip.SetUser(tx, (isInvite ? call.Ref(TransactionRole.InboundInvite) : CallRef.Detached).ToUser());
        if (isInvite) Reply.Send(engine, tx, request, flow, 100, at);
        return 0;
    }

    /// <summary>An offer was refused or could not be carried: what was before it is in force.</summary>
    public static void RevertOffer(CallEngine engine, Call call, CallLeg other)
    {
        other.Description.Revert(engine.Buffers);
        MediaSecurity.Revert(call);
    }

    // A peer that does not take UPDATE gets a re-INVITE in its place.
    private static SipMethod MethodTowards(Call call, CallLeg other, SipMessage request)
    {
        if (request.Method is SipMethod.Invite or SipMethod.Info) return request.Method;
        return other.AllowsUpdate || call.State != CallState.Talking ? SipMethod.Update : SipMethod.Invite;
    }

    private static TransactionRole RoleOf(Call call, CallLeg leg, bool isInvite)
    {
        var fromInbound = leg == call.Inbound;
        if (isInvite) return fromInbound ? TransactionRole.ReinviteFromInbound : TransactionRole.ReinviteFromOutbound;
        return fromInbound ? TransactionRole.RequestFromInbound : TransactionRole.RequestFromOutbound;
    }
}
