using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Ringback;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>Carries 18x from the destination to the caller, with its early media when it describes any.</summary>
internal static class CarryRinging
{
    // :: Step 8
    public static void Run(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        call.HasTrunkAnswered = true;
        engine.Timers.Cancel(ref call.TrunkTimer);
        if (response.StatusCode == 100) return;
        // The first one to name a To tag makes the leg's dialog; other forks get theirs in passing.
        call.Outbound.Dialog.OnResponse(response);
        PeerAbilities.Note(call.Outbound, response);
        if (!TakeReliable.TryTake(engine, call, response, out var early, out var isReliable)) return;
        call.HasRung = true;
        PostDialDelay.Count(engine, call, at);
        if (isReliable && call.IsLateOffer && Bodies.IsSdp(response))
        {
            AnswerEarlyOffer.Take(engine, call, response, early, at);
            return;
        }
        var body = EarlyAnswer.OfProvisional(engine, call, response, early, isReliable, at);
        if (isReliable) TakeReliable.Acknowledge(engine, call, response, early, at);
        Tell(engine, call, (ushort)response.StatusCode, body, at);
    }

    private static void Tell(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        if (!body.IsEmpty) OnDescribed(engine, call);
        // 199 says that one of several branches is over, not that anything rings.
        if (code != 199) PlayRingback.OnRinging(engine, call, at);
        // What follows early media and brings none says nothing new, unless it rings now.
        var hasDescribed = call.Inbound.IsSettled || call.Ringing.HasSdp;
        if (code != 180 && body.IsEmpty && hasDescribed) return;
        // 181 would tell the caller of our forwarding; 199 and unknown ones mean no more than 183 to it.
        CallerReply.Provisional(engine, call, code == 180 || body.IsEmpty ? (ushort)180 : (ushort)183, body, at);
    }

    private static void OnDescribed(CallEngine engine, Call call)
    {
        if (!call.IsDirect)
        {
            PlayRingback.OnEarlyMedia(engine, call);
            return;
        }
        call.HasEarlyMedia = true;
        if (call.Direct.ToldVersion == 0) call.Direct.ToldVersion = call.Inbound.Origin.Version;
    }
}
