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
        call.HasRung = true;
        PostDialDelay.Count(engine, call, at);
        var body = EarlyBody(engine, call, response, at);
        // 181 would tell the caller of our forwarding; 199 and unknown ones mean no more than 183 to it.
        var code = response.StatusCode == 180 || body.IsEmpty ? (ushort)180 : (ushort)183;
        CallerReply.Provisional(engine, call, code, body, at);
        if (!body.IsEmpty) PlayRingback.OnEarlyMedia(engine, call);
        // 199 says that one of several branches is over, not that anything rings.
        if (response.StatusCode != 199) PlayRingback.OnRinging(engine, call, at);
    }

    private static ReadOnlySpan<byte> EarlyBody(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        // An offer in a provisional response would need a reliable one (RFC 3262); it comes again in the 2xx.
        if (!Bodies.IsSdp(response) || call.IsLateOffer) return default;
        return SdpCarrier.TryCarryAnswer(engine, call, call.Outbound, response.Body, at, out var body) ? body : default;
    }
}
