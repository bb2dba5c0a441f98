using CallTracker.Calls.Engine;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>What our 2xx to a peer's re-INVITE or UPDATE does and says. Worker thread only.</summary>
internal static class AcceptedOffer
{
    /// <summary>
    /// Moves the target (RFC 3261 section 12.2.2), notes what the peer can do, and agrees on the session's interval;
    /// for other methods nothing.
    /// </summary>
    public static void WriteHeaders(
        ref SipWriter writer, CallEngine engine, Call call, CallLeg leg, SipMessage request, in ReceivedAt at)
    {
        if (request.Method is not (SipMethod.Invite or SipMethod.Update)) return;
        leg.Dialog.RefreshTarget(request);
        PeerAbilities.Note(leg, request);
        LegRequest.WriteContact(ref writer, engine, leg.Flow);
        writer.Header(SipHeaderKind.Allow, Reply.Allow);
        // Session timers begin with the 2xx to the first INVITE, not in an early dialog.
        if (leg.IsConfirmed) KeepSession.Accept(ref writer, engine, call, leg, request, at);
    }

    /// <summary>
    /// Answers an UPDATE without offer: it refreshes the session or the target and concerns nobody else.
    /// </summary>
    public static void ToUpdate(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage update,
        in SipFlow flow, in ReceivedAt at)
    {
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(update, 200, default, default, flow.Remote);
        WriteHeaders(ref writer, engine, call, leg, update, at);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }
}
