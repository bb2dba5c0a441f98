using CallTracker.Calls.Access;
using CallTracker.Calls.Digits;
using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Calls.Transfers;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Sends each response to its step. A 2xx that nobody waits for any more is acknowledged and its dialog ended.
/// </summary>
internal static class ResponseSwitch
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, CallRef reference, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode is 401 or 407 && AnswerChallenge.TryRun(engine, tx, reference, response, at)) return;
        if (response.CSeqMethod == SipMethod.Register)
        {
            engine.Registering.OnResponse(reference.Slot, response, at);
            return;
        }
        var call = reference.Role == (byte)TransactionRole.Detached ? null : engine.Calls.Find(reference);
        if (reference.IsAttempt) OnAttempt(engine, call, tx, reference, response, at);
        else if (call is not null && reference.Role == (byte)TransactionRole.RefreshInbound)
            RefreshSession.OnResponse(engine, call, call.Inbound, tx, response, at);
        else if (call is not null && reference.Role == (byte)TransactionRole.RefreshOutbound)
            RefreshSession.OnResponse(engine, call, call.Outbound, tx, response, at);
        else if (call is not null && reference.Role == (byte)TransactionRole.Transfer)
            TakeTransferAnswer.Run(engine, call, tx, response, at);
        else if (call is not null && reference.Role == (byte)TransactionRole.DigitInbound)
            SendDigits.OnResponse(engine, call, call.Inbound, response, at);
        else if (call is not null && reference.Role == (byte)TransactionRole.DigitOutbound)
            SendDigits.OnResponse(engine, call, call.Outbound, response, at);
        else if (call is not null) CarryResponse.Run(engine, call, (TransactionRole)reference.Role, tx, response, at);
        else if (response.CSeqMethod == SipMethod.Invite) StrayAnswer.EndIfAnswered(engine, tx, response, at);
    }

    private static void OnAttempt(
        CallEngine engine, Call? call, TransactionHandle tx, CallRef reference, SipMessage response, in ReceivedAt at)
    {
        var isPresent = call is { State: CallState.Dialing } && reference.Role == call.Facts.AttemptCount
            && call.Outbound.Invite == tx && !call.IsAnswerHeld;
        if (isPresent) TrunkWatch.OnResponse(call!, response);
        if (!isPresent) EndStray(engine, call, tx, response, at);
        else if (response.StatusCode < 200) CarryRinging.Run(engine, call!, response, at);
        else if (response.StatusCode < 300) CarryAnswer.Run(engine, call!, response, at);
        else Fail(engine, call!, response, at);
    }

    private static void Fail(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        if (RetryInvite.TryRun(engine, call, response, at)) return;
        if (FollowRedirect.TryRun(engine, call, response, at)) return;
        // The last destination's reason goes to the caller with the refusal (RFC 6432).
        ReasonHeader.Read(engine.Reason, response);
        FailAttempt.ByResponse(engine, call, (ushort)response.StatusCode, at);
    }

    // A further fork of the call that was answered hears why it is ended.
    private static void EndStray(
        CallEngine engine, Call? call, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        if (call is not null && call.Outbound.IsConfirmed) ReasonHeader.MakeElsewhere(engine.Reason);
        StrayAnswer.EndIfAnswered(engine, tx, response, at);
        engine.Reason.Clear();
    }
}
