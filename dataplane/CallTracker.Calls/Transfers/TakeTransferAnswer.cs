using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Transfers;

/// <summary>Answers of a transfer's target to our INVITE, by class. Worker thread only.</summary>
internal static class TakeTransferAnswer
{
    public static void Run(
        CallEngine engine, Call call, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        if (call.Transfer is not { } transfer || transfer.Leg.Invite != tx)
        {
            StrayAnswer.EndIfAnswered(engine, tx, response, at);
            return;
        }
        if (response.StatusCode is not (408 or 503)) transfer.Endpoint?.Health.OnCallAnswered();
        if (response.StatusCode < 200) TakeRinging(engine, call, transfer, response, at);
        else if (response.StatusCode < 300) JoinTransfer.Run(engine, call, transfer, response, at);
        else TakeRefusal(engine, call, transfer, response, at);
    }

    // The two that talk hear each other until the target answers: its early media reaches nobody.
    private static void TakeRinging(
        CallEngine engine, Call call, CallTransfer transfer, SipMessage response, in ReceivedAt at)
    {
        DialTransfer.OnSignOfLife(engine, call, at);
        if (response.StatusCode == 100) return;
        transfer.Leg.Dialog.OnResponse(response);
        PeerAbilities.Note(transfer.Leg, response);
    }

    private static void TakeRefusal(
        CallEngine engine, Call call, CallTransfer transfer, SipMessage response, in ReceivedAt at)
    {
        var isTriedAgain = response.StatusCode == 422 && RefreshSession.TryRaise(transfer.Leg, response)
            && DialTransfer.TryAgain(engine, call, at);
        if (!isTriedAgain) FailTransfer.ByResponse(engine, call, (ushort)response.StatusCode, at);
    }
}
