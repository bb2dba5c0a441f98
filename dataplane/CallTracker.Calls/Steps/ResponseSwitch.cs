using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
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
        else if (call is not null) CarryResponse.Run(engine, call, (TransactionRole)reference.Role, tx, response, at);
        else if (response.CSeqMethod == SipMethod.Invite) StrayAnswer.EndIfAnswered(engine, tx, response, at);
    }

    private static void OnAttempt(
        CallEngine engine, Call? call, TransactionHandle tx, CallRef reference, SipMessage response, in ReceivedAt at)
    {
        var isPresent = call is { State: CallState.Dialing } && reference.Role == call.Facts.AttemptCount
            && call.Outbound.Invite == tx;
        if (!isPresent) StrayAnswer.EndIfAnswered(engine, tx, response, at);
        else if (response.StatusCode < 200) CarryRinging.Run(engine, call!, response, at);
        else if (response.StatusCode < 300) CarryAnswer.Run(engine, call!, response, at);
        else FailAttempt.ByResponse(engine, call!, (ushort)response.StatusCode, at);
    }
}
