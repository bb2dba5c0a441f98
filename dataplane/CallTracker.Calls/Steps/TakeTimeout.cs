using CallTracker.Calls.Digits;
using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Model;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Transfers;
using CallTracker.Core.Time;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>A transaction ran out of time or its transport failed.</summary>
internal static class TakeTimeout
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, CallRef reference, SipTimeout which, in ReceivedAt at)
    {
        if (reference.Role == (byte)TransactionRole.Detached) engine.Registering.OnTimeout(tx, at);
        if (reference.Role == (byte)TransactionRole.Detached || engine.Calls.Find(reference) is not { } call) return;
        if (which == SipTimeout.NoAckTo2xx) OnNoAck(engine, call, tx, at);
        else if (reference.IsAttempt) OnAttempt(engine, call, tx, at);
        else OnRequest(engine, call, tx, (TransactionRole)reference.Role, at);
    }

    public static void RunTransportFailure(CallEngine engine, TransactionHandle tx, CallRef reference, in ReceivedAt at)
    {
        if (reference.Role == (byte)TransactionRole.Detached) engine.Registering.OnTimeout(tx, at);
        if (reference.Role == (byte)TransactionRole.Detached || engine.Calls.Find(reference) is not { } call) return;
        if (reference.IsAttempt) OnAttempt(engine, call, tx, at);
        else OnRequest(engine, call, tx, (TransactionRole)reference.Role, at);
    }

    private static void OnRequest(
        CallEngine engine, Call call, TransactionHandle tx, TransactionRole role, in ReceivedAt at)
    {
        if (role == TransactionRole.RefreshInbound) RefreshSession.OnTimeout(engine, call, call.Inbound, tx, at);
        else if (role == TransactionRole.RefreshOutbound) RefreshSession.OnTimeout(engine, call, call.Outbound, tx, at);
        else if (role == TransactionRole.Transfer) FailTransfer.ByTransaction(engine, call, tx, at);
        else if (role == TransactionRole.DigitInbound) SendDigits.OnTimeout(engine, call, call.Inbound, at);
        else if (role == TransactionRole.DigitOutbound) SendDigits.OnTimeout(engine, call, call.Outbound, at);
        else CarryResponse.OnTimeout(engine, call, role, at);
    }

    // RFC 3261 section 13.3.1.4: without an ACK the dialog is confirmed, but the session should be ended.
    private static void OnNoAck(CallEngine engine, Call call, TransactionHandle tx, in ReceivedAt at)
    {
        var leg = call.Inbound.UnacknowledgedServer == tx ? call.Inbound : call.Outbound;
        if (leg.UnacknowledgedServer != tx) return;
        leg.UnacknowledgedServer = default;
        if (call.State == CallState.AwaitingAck) EndCall.Finish(engine, call, at);
        else EndCall.BySystem(engine, call, EndReason.AckTimeout, at);
    }

    private static void OnAttempt(CallEngine engine, Call call, TransactionHandle tx, in ReceivedAt at)
    {
        var isPresent = call.State == CallState.Dialing && call.Outbound.Invite == tx;
        if (isPresent) FailAttempt.ByTrunk(engine, call, at);
    }
}
