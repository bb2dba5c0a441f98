using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>
/// The caller cancels. The layer has answered the CANCEL; one that comes after our final response changes nothing
/// (RFC 3261 section 9.2), so whichever of CANCEL and answer is handled first wins.
/// </summary>
internal static class TakeCancel
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, CallRef reference, SipMessage cancel, in ReceivedAt at)
    {
        if (reference.Role != (byte)TransactionRole.InboundInvite) return;
        if (engine.Calls.Find(reference) is not { } call) return;
        ReasonHeader.Read(engine.Reason, cancel);
        if (call.State == CallState.LookingUp)
        {
            engine.StopWaiting(call);
            LookUpRoute.Settle(engine, call, null);
        }
        if (call.State == CallState.Dialing) EndCall.ByCancel(engine, call, at);
        else CancelCarried(engine, call, tx, at);
    }

    // A re-INVITE can be cancelled too; its 487 comes back the way every answer to it does.
    private static void CancelCarried(CallEngine engine, Call call, TransactionHandle tx, in ReceivedAt at)
    {
        var leg = call.Inbound.Reinvite.Server == tx ? call.Inbound : call.Outbound;
        if (leg.Reinvite.IsPending && leg.Reinvite.Server == tx)
            engine.Sip.StartCancel(leg.Reinvite.Client, engine.Reason.Text, at.NowMs);
    }
}
