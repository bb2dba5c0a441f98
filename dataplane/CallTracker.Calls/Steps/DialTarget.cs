using CallTracker.Calls.Direct;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>Sends the INVITE to one destination, through one trunk after another until one takes it.</summary>
internal static class DialTarget
{
    /// <summary>
    /// False when no trunk takes the number or no INVITE can be sent; the attempts are on the facts either way, and the
    /// reason is <see cref="Call.DialReason"/>.
    /// </summary>
    // :: Step 7
    public static bool TryRun(CallEngine engine, Call call, RouteTarget target, in ReceivedAt at) =>
        TryRun(engine, call, target.Number, target.RingMs, at);

    /// <summary>The same for a number that no route names, as a redirection does.</summary>
    public static bool TryRun(CallEngine engine, Call call, PhoneNumber number, int ringMs, in ReceivedAt at)
    {
        (call.TargetFirstAttempt, call.TargetDialedMs, call.TargetRingMs) =
            (call.Facts.AttemptCount, at.NowMs, ringMs);
        call.DialReason = EndReason.NoTrunk;
        engine.Reason.Clear();
        if (TryTrunks(engine, call, number, at)) return true;
        if (call.Facts.AttemptCount == call.TargetFirstAttempt) call.Facts.TryAddAttempt(number, null);
        return false;
    }

    /// <summary>
    /// The present attempt failed for its trunk's sake: another one is tried, as long as the budget of tries and time
    /// lasts. False when there is none.
    /// </summary>
    public static bool TryNextTrunk(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (at.NowMs - call.TargetDialedMs >= engine.Settings.FailoverMsMax) return false;
        if (!TryTrunks(engine, call, call.Facts.Attempts[^1].Target, at)) return false;
        engine.Counters.TrunkFailovers++;
        return true;
    }

    private static bool TryTrunks(CallEngine engine, Call call, PhoneNumber number, in ReceivedAt at)
    {
        var table = engine.Routes.Trunks;
        while (call.Facts.AttemptCount - call.TargetFirstAttempt < engine.Settings.TrunkTriesMax)
        {
            if (call.Facts.AttemptCount == CallFacts.AttemptsMax) return false;
            if (!engine.Picker.TryPick(table, call, number, at.NowMs, out var choice)) return false;
            Begin(call, number, choice, at);
            if (TrySend(engine, call, choice.Trunk, at))
            {
                ScheduleTimers(engine, call, call.TargetRingMs, at);
                return true;
            }
            call.OutboundLease.Release();
        }
        return false;
    }

    private static void Begin(Call call, PhoneNumber number, in TrunkChoice choice, in ReceivedAt at)
    {
        call.OutboundLease.Hold(choice.Trunk);
        if (call.Facts.AttemptCount == call.TargetFirstAttempt) call.Facts.FwdUnixMs = at.UnixMs;
        call.Facts.TryAddAttempt(number, choice.Trunk);
        call.Facts.Attempts[^1].Endpoint = choice.Endpoint;
        (call.DialedMs, call.HasRung, call.HasTrunkAnswered) = (at.NowMs, false, false);
        (call.IsLastResort, call.IsSilenceTold) = (choice.IsLastResort, false);
    }

    private static bool TrySend(CallEngine engine, Call call, Trunk trunk, in ReceivedAt at)
    {
        var leg = call.Outbound;
        var endpoint = call.Endpoint!;
        leg.Dialog.Reset();
        var flow = new SipFlow(endpoint.Transport, 0, 0, endpoint.Address);
        if (!DialedFlow.TryTake(engine, leg, trunk, flow, at)) return false;
        if (!DirectMedia.TrySettle(engine, call, trunk)) return false;
        if (!call.IsDirect && !MediaVersion.TryMatch(engine, call, leg.Flow.Remote.IsIpv4)) return false;
        MediaPorts.SetSource(engine, call, leg, trunk);
        if (!MediaSecurity.TryMatch(engine, call) || !CodecPolicy.HasOfferFor(engine, call, trunk)) return false;
        return SignCall.TryBegin(engine, call, trunk, at) || TrySendInvite(engine, call, trunk, at);
    }

    /// <summary>Sends the present attempt's INVITE, signed by now or never; false when it cannot be sent.</summary>
    public static bool TrySendInvite(CallEngine engine, Call call, Trunk trunk, in ReceivedAt at)
    {
        var leg = call.Outbound;
        var invite = OutboundInvite.Write(engine, call, trunk);
        if (invite.IsEmpty) return false;
        engine.Trace.Opened(call, leg.Dialog.CallId, call.Facts.AttemptCount);
        return TryStart(engine, call, invite, at);
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
        TrunkWatch.Start(engine, call, ringMs, at);
        // The clock is cut to whole milliseconds: one more, or a ring time of 3 s would be recorded as 2 whole seconds.
        call.StepTimer = engine.Timers.Schedule(at.NowMs, ringMs + 1, (ushort)CallTimer.RingTimeout, call.Slot);
    }
}
