using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// Sends the INVITE to a transfer's target, by the best trunk for its number; the two that talk go on talking. The
/// offer is the caller's, with the port of the destination's side, whose place the target is to take. Worker thread
/// only.
/// </summary>
internal static class DialTransfer
{
    /// <summary>How long a target may ring.</summary>
    public const int RingMsMax = 60_000;

    /// <summary>0 when the INVITE is out, else the status that refuses the transfer.</summary>
    public static ushort Start(CallEngine engine, Call call, PhoneNumber target, uint referCSeq, in ReceivedAt at)
    {
        if (engine.Transfers.TryLend() is not { } transfer) return 503;
        (call.Transfer, transfer.Target, transfer.ReferCSeq) = (transfer, target, referCSeq);
        var refusal = Dial(engine, call, transfer, at);
        if (refusal != 0) engine.Transfers.TakeBack(call, engine.Buffers);
        return refusal;
    }

    /// <summary>The same INVITE once more, after a 422 that said how; false when it cannot be sent.</summary>
    public static bool TryAgain(CallEngine engine, Call call, in ReceivedAt at)
    {
        var transfer = call.Transfer!;
        var seat = TransferSeat.Take(call, transfer);
        var isSent = TrySend(engine, call, OutboundInvite.WriteAgain(engine, call, transfer.Trunk!), at);
        seat.Leave();
        return isSent;
    }

    /// <summary>The target rings, or at least its trunk lives: it may ring as long as any.</summary>
    public static void OnSignOfLife(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Transfer!.HasTrunkAnswered) return;
        call.Transfer.HasTrunkAnswered = true;
        Schedule(engine, call, RingMsMax, at);
    }

    private static ushort Dial(CallEngine engine, Call call, CallTransfer transfer, in ReceivedAt at)
    {
        // What was tried for the present destination says nothing of this one.
        call.TargetFirstAttempt = call.Facts.AttemptCount;
        if (!engine.Picker.TryPick(engine.Routes.Trunks, call, transfer.Target, at.NowMs, out var choice)) return 503;
        transfer.Lease.Hold(choice.Trunk);
        (transfer.Trunk, transfer.Endpoint, transfer.DialedMs) = (choice.Trunk, choice.Endpoint, at.NowMs);
        var leg = transfer.Leg;
        leg.Origin = call.Outbound.Origin;
        var flow = new SipFlow(choice.Endpoint.Transport, 0, 0, choice.Endpoint.Address);
        if (!DialedFlow.TryTake(engine, leg, choice.Trunk, flow, at)) return 503;
        // The side's port stays, and with it the IP version of the one who is connected now.
        if (engine.Media.IsIpv4(call.Media, MediaSide.B) != leg.Flow.Remote.IsIpv4) return 503;
        if (!MediaSecurity.TryMatchTarget(engine, call, leg)) return 488;
        if (CodecPolicy.OfferFor(engine, call, choice.Trunk).IsEmpty) return 488;
        return TrySendFirst(engine, call, transfer, at) ? (ushort)0 : (ushort)503;
    }

    private static bool TrySendFirst(CallEngine engine, Call call, CallTransfer transfer, in ReceivedAt at)
    {
        var seat = TransferSeat.Take(call, transfer);
        var invite = OutboundInvite.Write(engine, call, transfer.Trunk!);
        engine.Trace.Opened(call, call.Outbound.Dialog.CallId, call.Facts.AttemptCount);
        var isSent = TrySend(engine, call, invite, at);
        seat.Leave();
        if (isSent) Schedule(engine, call, engine.Settings.TrunkAnswerTimeoutMs, at);
        return isSent;
    }

    // The target has its seat.
    private static bool TrySend(CallEngine engine, Call call, ReadOnlySpan<byte> invite, in ReceivedAt at)
    {
        if (invite.IsEmpty) return false;
        var user = call.Ref(TransactionRole.Transfer).ToUser();
        var leg = call.Outbound;
        leg.Invite = engine.Sip.StartRequest(invite, SipMethod.Invite, leg.Flow, user, at.NowMs);
        return !leg.Invite.IsNone;
    }

    private static void Schedule(CallEngine engine, Call call, int delayMs, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.StepTimer);
        call.StepTimer = engine.Timers.Schedule(at.NowMs, delayMs, (ushort)CallTimer.TransferTimeout, call.Slot);
    }
}
