using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>Sends the INVITE to one destination through the trunk that takes its number.</summary>
internal static class DialTarget
{
    /// <summary>
    /// False when no trunk takes the number or its INVITE cannot be sent; the attempt is on the facts either way.
    /// </summary>
    // :: Step 7
    public static bool TryRun(CallEngine engine, Call call, RouteTarget target, in ReceivedAt at)
    {
        var facts = call.Facts;
        var trunk = engine.Routes.Trunks.FindOutbound(facts.Route!.OperatorId, target.Number);
        if (!facts.TryAddAttempt(target.Number, trunk)) return false;
        facts.FwdUnixMs = at.UnixMs;
        if (trunk is null) return false;
        (call.DialedMs, call.HasRung, call.HasTrunkAnswered) = (at.NowMs, false, false);
        if (!TrySend(engine, call, trunk, at)) return false;
        ScheduleTimers(engine, call, target, at);
        return true;
    }

    private static bool TrySend(CallEngine engine, Call call, Trunk trunk, in ReceivedAt at)
    {
        var leg = call.Outbound;
        leg.Dialog.Reset();
        var flow = new SipFlow(SipTransportKind.Udp, 0, 0, trunk.Address);
        if (!DialedFlow.TryTake(engine, leg, trunk, flow, at)) return false;
        engine.Media.SetSourceRule(call.Media, leg.Side, MediaSourceRule.SignallingAddress, leg.Flow.Remote);
        var invite = OutboundInvite.Write(engine, call, trunk);
        if (invite.IsEmpty) return false;
        var reference = new CallRef(call.Slot, call.Generation, (byte)call.Facts.AttemptCount);
        leg.Invite = engine.Sip.StartRequest(invite, SipMethod.Invite, leg.Flow, reference.ToUser(), at.NowMs);
        return !leg.Invite.IsNone;
    }

    private static void ScheduleTimers(CallEngine engine, Call call, RouteTarget target, in ReceivedAt at)
    {
        var trunkMs = Math.Min(engine.Settings.TrunkAnswerTimeoutMs, target.RingMs);
        call.TrunkTimer = engine.Timers.Schedule(at.NowMs, trunkMs, (ushort)CallTimer.TrunkTimeout, call.Slot);
        // The clock is cut to whole milliseconds: one more, or a ring time of 3 s would be recorded as 2 whole seconds.
        var ringMs = target.RingMs + 1;
        call.StepTimer = engine.Timers.Schedule(at.NowMs, ringMs, (ushort)CallTimer.RingTimeout, call.Slot);
    }
}
