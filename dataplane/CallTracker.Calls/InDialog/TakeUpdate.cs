using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// UPDATE (RFC 3311): with an offer it is carried to the other leg, without one it is answered here. Worker thread
/// only.
/// </summary>
internal static class TakeUpdate
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage update, in SipFlow flow,
        in ReceivedAt at)
    {
        if (!update.Body.IsEmpty)
        {
            CarryRequest.Run(engine, call, leg, tx, update, flow, at);
            return;
        }
        var trunk = call.TrunkOf(leg);
        var isTooShort = SessionTerms.IsTooShort(update, SessionPolicy.Of(engine, trunk));
        if (call.State is not (CallState.Dialing or CallState.Talking)) Reply.Send(engine, tx, update, flow, 481, at);
        else if (isTooShort) Reply.Send(engine, tx, update, flow, 422, at, trunk);
        else AcceptedOffer.ToUpdate(engine, call, leg, tx, update, flow, at);
    }
}
