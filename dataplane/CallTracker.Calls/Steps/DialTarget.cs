using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
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
    public static bool TryRun(CallEngine engine, Call call, RouteTarget target, in ReceivedAt at) =>
        TryRun(engine, call, target.Number, target.RingMs, at);

    /// <summary>The same for a number that no route names, as a redirection does.</summary>
    public static bool TryRun(CallEngine engine, Call call, PhoneNumber number, int ringMs, in ReceivedAt at)
    {
        var facts = call.Facts;
        var trunk = engine.Routes.Trunks.FindOutbound(facts.Route!.OperatorId, number);
        if (!facts.TryAddAttempt(number, trunk)) return false;
        facts.FwdUnixMs = at.UnixMs;
        engine.Reason.Clear();
        if (trunk is null) return false;
        (call.DialedMs, call.HasRung, call.HasTrunkAnswered) = (at.NowMs, false, false);
        if (!TrySend(engine, call, trunk, at)) return false;
        ScheduleTimers(engine, call, ringMs, at);
        return true;
    }

    private static bool TrySend(CallEngine engine, Call call, Trunk trunk, in ReceivedAt at)
    {
        var leg = call.Outbound;
        leg.Dialog.Reset();
        if (!MediaVersion.TryMatch(engine, call, trunk)) return false;
        engine.Media.SetSourceRule(call.Media, leg.Side, MediaSourceRule.SignallingAddress, trunk.Address);
        leg.Flow = new SipFlow(trunk.Transport, 0, 0, trunk.Address);
        var invite = OutboundInvite.Write(engine, call, trunk);
        return !invite.IsEmpty && TryStart(engine, call, invite, at);
    }

    /// <summary>Sends the present attempt's INVITE, also once more; false when it cannot be sent.</summary>
    public static bool TryStart(CallEngine engine, Call call, ReadOnlySpan<byte> invite, in ReceivedAt at)
    {
        var leg = call.Outbound;
        var reference = new CallRef(call.Slot, call.Generation, (byte)call.Facts.AttemptCount);
        leg.Invite = engine.Sip.StartRequest(invite, SipMethod.Invite, leg.Flow, reference.ToUser(), at.NowMs);
        return !leg.Invite.IsNone;
    }

    private static void ScheduleTimers(CallEngine engine, Call call, int ringMs, in ReceivedAt at)
    {
        var trunkMs = Math.Min(engine.Settings.TrunkAnswerTimeoutMs, ringMs);
        call.TrunkTimer = engine.Timers.Schedule(at.NowMs, trunkMs, (ushort)CallTimer.TrunkTimeout, call.Slot);
        // The clock is cut to whole milliseconds: one more, or a ring time of 3 s would be recorded as 2 whole seconds.
        call.StepTimer = engine.Timers.Schedule(at.NowMs, ringMs + 1, (ushort)CallTimer.RingTimeout, call.Slot);
    }
}
