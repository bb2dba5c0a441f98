using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Transfers;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Steps;

/// <summary>
/// The one exit of every call: whoever must still hear of the end is told, media stops, the record is filed, the slot
/// is freed.
/// </summary>
internal static class EndCall
{
    /// <summary>BYE came from one side.</summary>
    public static void ByPeer(CallEngine engine, Call call, bool fromOutbound, in ReceivedAt at)
    {
        Leave(engine, call, fromOutbound ? CallParty.Callee : CallParty.Caller, EndReason.Bye, 487, at,
            tellInbound: fromOutbound, tellOutbound: !fromOutbound);
    }

    /// <summary>The caller gave up before an answer.</summary>
    public static void ByCancel(CallEngine engine, Call call, in ReceivedAt at)
    {
        call.Facts.Outcome = CallOutcome.CallerGaveUp;
        CloseAttempt(call, at);
        Leave(engine, call, CallParty.Caller, EndReason.Cancel, 487, at, tellInbound: true, tellOutbound: true);
    }

    /// <summary>No destination answered; the caller gets the last one's reason.</summary>
    public static void Unanswered(CallEngine engine, Call call, EndReason reason, ushort code, in ReceivedAt at)
    {
        var party = reason == EndReason.Rejected ? CallParty.Callee : CallParty.System;
        Leave(engine, call, party, reason, code, at, tellInbound: true, tellOutbound: true);
    }

    /// <summary>The call cannot even be tried.</summary>
    public static void Refuse(CallEngine engine, Call call, EndReason reason, ushort code, in ReceivedAt at) =>
        Leave(engine, call, CallParty.System, reason, code, at, tellInbound: true, tellOutbound: false);

    /// <summary>
    /// The node ends it: both sides get BYE, or the caller a final response when it was not answered.
    /// </summary>
    public static void BySystem(CallEngine engine, Call call, EndReason reason, in ReceivedAt at)
    {
        if (call.State == CallState.AwaitingAck)
        {
            Finish(engine, call, at);
            return;
        }
        if (call.State == CallState.LookingUp)
        {
            engine.StopWaiting(call);
            LookUpRoute.Settle(engine, call, null);
        }
        CloseAttempt(call, at);
        ReasonHeader.Make(engine.Reason, reason, call.Facts.MediaFault);
        Leave(engine, call, CallParty.System, reason, 503, at, tellInbound: true, tellOutbound: true);
    }

    /// <summary>The destination has ended its dialog itself: it is told nothing more.</summary>
    public static void ForgetDestination(Call call) =>
        (call.Outbound.IsConfirmed, call.Outbound.Invite) = (false, default);

    /// <summary>The caller acknowledged (or never will): the BYE that waited for it goes out.</summary>
    public static void Finish(CallEngine engine, Call call, in ReceivedAt at)
    {
        LegRequest.Bye(engine, call.Inbound, at);
        Free(engine, call);
    }

    /// <summary>The caller ended the dialog itself while our BYE waited for its ACK.</summary>
    public static void Abandon(CallEngine engine, Call call) => Free(engine, call);

    // :: Step 10
    private static void Leave(
        CallEngine engine, Call call, CallParty party, EndReason reason, ushort code, in ReceivedAt at,
        bool tellInbound, bool tellOutbound)
    {
        StopTimers(engine, call);
        FailTransfer.OnCallEnds(engine, call, at);
        LegRequest.RefuseCarried(engine, call, at);
        if (tellOutbound) LeaveOutbound(engine, call, at);
        var mustAwaitAck = tellInbound && LeaveInbound(engine, call, code, at);
        File(engine, call, party, reason, at);
        if (mustAwaitAck) call.State = CallState.AwaitingAck;
        else Free(engine, call);
        engine.Reason.Clear();
    }

    private static void LeaveOutbound(CallEngine engine, Call call, in ReceivedAt at)
    {
        var leg = call.Outbound;
        if (leg.IsConfirmed)
        {
            // A 2xx whose offer nobody answered is acknowledged before its dialog is ended.
            if (!leg.UnacknowledgedClient.IsNone) LegRequest.Ack(engine, leg, leg.UnacknowledgedClient, default, at);
            LegRequest.Bye(engine, leg, at);
        }
        else if (!leg.Invite.IsNone)
        {
            engine.Sip.StartCancel(leg.Invite, engine.Reason.Text, at.NowMs);
        }
    }

    private static bool LeaveInbound(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        var leg = call.Inbound;
        if (!leg.IsConfirmed)
        {
            CallerReply.Final(engine, call, code, at);
            return false;
        }
        if (!leg.UnacknowledgedServer.IsNone) return true;
        LegRequest.Bye(engine, leg, at);
        return false;
    }

    private static void File(CallEngine engine, Call call, CallParty party, EndReason reason, in ReceivedAt at)
    {
        var facts = call.Facts;
        RecordCall.Stop(engine, call, at);
        MediaPorts.Close(engine, call);
        facts.EocUnixMs = Math.Max(at.UnixMs, Math.Max(facts.DinUnixMs, facts.TstUnixMs));
        (facts.EndedBy, facts.Reason) = (party, reason);
        engine.Journal.Ended(facts);
        engine.Trace.Ended(facts);
        engine.Counters.CountEnd(facts);
        if (facts.Outcome == CallOutcome.Answered) engine.Quality?.Ended(facts);
    }

    private static void CloseAttempt(Call call, in ReceivedAt at)
    {
        if (call.Facts.AttemptCount == 0 || call.State != CallState.Dialing || call.Outbound.Invite.IsNone) return;
        call.Facts.Attempts[^1].RingMs = (uint)(at.NowMs - call.DialedMs);
        if (call.Facts.Outcome == CallOutcome.NotTried) call.Facts.Outcome = CallOutcome.LineUnavailable;
    }

    private static void StopTimers(CallEngine engine, Call call)
    {
        engine.Timers.Cancel(ref call.StepTimer);
        engine.Timers.Cancel(ref call.TrunkTimer);
        engine.Timers.Cancel(ref call.LifeTimer);
        TakeStir.Abandon(engine, call);
        engine.Timers.Cancel(ref call.Ringing.Timer);
        KeepSession.Stop(engine, call.Inbound);
        KeepSession.Stop(engine, call.Outbound);
    }

    private static void Free(CallEngine engine, Call call)
    {
        // A 2xx of ours must not be repeated for a call that is no more.
        if (!call.Inbound.UnacknowledgedServer.IsNone) engine.Sip.ConfirmAck(call.Inbound.UnacknowledgedServer);
        if (!call.Outbound.UnacknowledgedServer.IsNone) engine.Sip.ConfirmAck(call.Outbound.UnacknowledgedServer);
        engine.TakeBackEarlyDialogs(call);
        call.Reset(engine.Buffers);
        engine.Calls.Remove(call);
        engine.Counters.Active = engine.Calls.Count;
    }
}
