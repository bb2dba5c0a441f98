using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>
/// A destination answered: the answer goes into the journal, then to the caller, and the destination is acknowledged —
/// at once, or, when it made the offer, with the caller's ACK.
/// </summary>
internal static class CarryAnswer
{
    public static void Run(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref call.TrunkTimer);
        engine.Timers.Cancel(ref call.StepTimer);
        PostDialDelay.Count(engine, call, at);
        var body = ReadOnlySpan<byte>.Empty;
        var usable = call.Outbound.Dialog.OnResponse(response) == SipDialogResult.Ok
            && Bodies.IsSdp(response) && TryCarry(engine, call, response.Body, at, out body);
        if (!usable)
        {
            FailAttempt.ByUnusableAnswer(engine, call, response, at);
            return;
        }
        Confirm(engine, call, at);
        AcknowledgeDestination(engine, call, at);
        CallerReply.Answer(engine, call, body, at);
    }

    // Without an offer of the caller's, the destination's SDP is the offer, and the caller's ACK brings the answer.
    private static bool TryCarry(
        CallEngine engine, Call call, ReadOnlySpan<byte> sdp, scoped in ReceivedAt at,
        out ReadOnlySpan<byte> body) =>
        call.IsLateOffer
            ? SdpCarrier.TryRewrite(engine, call, call.Outbound, sdp, out body)
            : SdpCarrier.TryCarryAnswer(engine, call, call.Outbound, sdp, at, out body);

    private static void Confirm(CallEngine engine, Call call, in ReceivedAt at)
    {
        var facts = call.Facts;
        call.State = CallState.Talking;
        call.Inbound.Dialog.ConfirmUas();
        (call.Outbound.IsConfirmed, call.Inbound.IsConfirmed) = (true, true);
        (facts.TstUnixMs, facts.Outcome, facts.SipCode) = (at.UnixMs, CallOutcome.Answered, 200);
        facts.Attempts[^1].SipCode = 200;
        facts.Attempts[^1].RingMs = (uint)(at.NowMs - call.DialedMs);
        engine.Counters.Answered++;
        engine.Media.MarkAnswered(call.Media, at.NowMs);
        engine.Journal.Answered(facts);
        var limitMs = engine.Settings.CallDurationMsMax;
        call.LifeTimer = engine.Timers.Schedule(at.NowMs, limitMs, (ushort)CallTimer.DurationLimit, call.Slot);
    }

    private static void AcknowledgeDestination(CallEngine engine, Call call, in ReceivedAt at)
    {
        var leg = call.Outbound;
        if (call.IsLateOffer) leg.UnacknowledgedClient = leg.Invite;
        else LegRequest.Ack(engine, leg, leg.Invite, default, at);
    }
}
