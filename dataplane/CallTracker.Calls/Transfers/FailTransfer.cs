using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Steps;
using CallTracker.Calls.Treatment;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// Ends a transfer that came to nothing: whoever referred hears why, and the call is what it was. Where nobody but the
/// caller is left, the call ends. Worker thread only.
/// </summary>
internal static class FailTransfer
{
    /// <summary>The target refused; what concerns our own hop is not the referrer's business.</summary>
    public static void ByResponse(CallEngine engine, Call call, ushort code, in ReceivedAt at) =>
        Finish(engine, call, FailureMap.ToCaller(code), at);

    /// <summary>Neither answer nor refusal in time; a late answer is ended when it comes.</summary>
    public static void ByTimer(CallEngine engine, Call call, in ReceivedAt at)
    {
        var transfer = call.Transfer!;
        var reason = transfer.HasTrunkAnswered ? EndReason.RingTimeout : EndReason.TrunkTimeout;
        Cancel(engine, transfer, reason, at);
        ByTrunk(engine, call, transfer.HasTrunkAnswered ? (ushort)480 : (ushort)408, at);
    }

    /// <summary>The transaction ran out of time or could not be sent.</summary>
    public static void ByTransaction(CallEngine engine, Call call, TransactionHandle tx, in ReceivedAt at)
    {
        if (call.Transfer is { } transfer && transfer.Leg.Invite == tx) ByTrunk(engine, call, 408, at);
    }

    /// <summary>It answered with media nobody can use.</summary>
    public static void ByUnusableAnswer(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        var tx = call.Transfer!.Leg.Invite;
        // Its own dialog would be taken for one that talks.
        call.Transfer.Leg.Dialog.Reset();
        ReasonHeader.Make(engine.Reason, EndReason.UnusableMedia);
        StrayAnswer.EndIfAnswered(engine, tx, response, at);
        engine.Reason.Clear();
        Finish(engine, call, 488, at);
    }

    /// <summary>
    /// Whoever referred hung up without waiting for the outcome, as many phones do: the caller waits for the target.
    /// </summary>
    public static void OnReferrerGone(CallEngine engine, Call call, in ReceivedAt at)
    {
        call.Transfer!.IsReferrerGone = true;
        KeepSession.Stop(engine, call.Outbound);
        LegRequest.RefuseCarried(engine, call, call.Outbound, at);
        EndCall.ForgetDestination(call);
        MediaPorts.ForgetDestination(engine, call, at);
    }

    /// <summary>The call ends while a transfer is under way.</summary>
    public static void OnCallEnds(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Transfer is not { } transfer) return;
        engine.Counters.TransfersFailed++;
        engine.Sip.StartCancel(transfer.Leg.Invite, engine.Reason.Text, at.NowMs);
        if (!transfer.IsReferrerGone) NotifyReferrer.Send(engine, call, 487, isFinal: true, at);
        engine.Transfers.TakeBack(call, engine.Buffers);
    }

    private static void ByTrunk(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        var transfer = call.Transfer!;
        if (!transfer.HasTrunkAnswered) transfer.Endpoint?.Health.OnFailure(at.NowMs);
        Finish(engine, call, code, at);
    }

    private static void Cancel(CallEngine engine, CallTransfer transfer, EndReason reason, in ReceivedAt at)
    {
        ReasonHeader.Make(engine.Reason, reason);
        engine.Sip.StartCancel(transfer.Leg.Invite, engine.Reason.Text, at.NowMs);
        engine.Reason.Clear();
    }

    private static void Finish(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.StepTimer);
        var isReferrerGone = call.Transfer!.IsReferrerGone;
        if (!isReferrerGone) NotifyReferrer.Send(engine, call, code, isFinal: true, at);
        engine.Counters.TransfersFailed++;
        engine.Transfers.TakeBack(call, engine.Buffers);
        if (isReferrerGone) EndCall.ByPeer(engine, call, fromOutbound: true, at);
    }
}
