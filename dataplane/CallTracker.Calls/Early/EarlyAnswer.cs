using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Early;

/// <summary>
/// Which description of a destination counts. The one in a reliable 18x is the answer, and nothing later in the same
/// dialog changes it (RFC 3262 section 5, RFC 6337 section 3.1.1); each fork has its own, and media follows the one
/// that answers the call. Worker thread only.
/// </summary>
internal static class EarlyAnswer
{
    /// <summary>The SDP of an 18x as the caller may see it; empty when there is none, or none that counts.</summary>
    public static ReadOnlySpan<byte> OfProvisional(
        CallEngine engine, Call call, SipMessage response, int early, bool isReliable, scoped in ReceivedAt at)
    {
        // An offer in a provisional response that is not reliable comes again in the 2xx.
        if (!Bodies.IsSdp(response) || call.IsLateOffer) return default;
        if (early >= 0 && call.Early![early].HasAnswer) return default;
        if (!SdpCarrier.TryCarryAnswer(engine, call, call.Outbound, response.Body, at, out var body)) return default;
        if (isReliable) Keep(engine, call, response, early, body);
        return HasCallersAnswer(call) ? default : body;
    }

    /// <summary>What goes into the caller's 2xx; false when the answer cannot be used.</summary>
    public static bool TryOfAnswer(
        CallEngine engine, Call call, SipMessage response, scoped in ReceivedAt at, out ReadOnlySpan<byte> body)
    {
        body = default;
        var early = call.Early?.Find(response.ToTag) ?? -1;
        if (early >= 0) call.Outbound.Dialog.SkipTo(call.Early![early].CSeq);
        if (call.IsLateOffer) return TryOfLateOffer(engine, call, response, early, out body);
        var isKept = early >= 0 && call.Early![early].HasAnswer;
        if (isKept)
        {
            SdpCarrier.Restore(engine, call, call.Outbound, call.Early![early].Media, at);
            body = call.Early[early].Answer.Bytes;
        }
        else if (!Bodies.IsSdp(response)
            || !SdpCarrier.TryCarryAnswer(engine, call, call.Outbound, response.Body, at, out body))
        {
            return false;
        }
        var version = isKept ? call.Early![early].AnswerVersion : call.Inbound.Origin.Version;
        if (!HasCallersAnswer(call))
        {
            // It sends to the one it was told of first; the 2xx says otherwise, and an offer after its ACK makes sure.
            if (call.Direct.ToldVersion != 0 && version != call.Direct.ToldVersion)
                call.Inbound.Description.Offer(engine.Buffers, body);
            return true;
        }
        // What the caller was told holds until it can be offered something else, after its ACK.
        if (version != call.Ringing.SdpVersion) call.Inbound.Description.Offer(engine.Buffers, body);
        body = default;
        return true;
    }

    private static bool TryOfLateOffer(
        CallEngine engine, Call call, SipMessage response, int early, out ReadOnlySpan<byte> body)
    {
        body = default;
        // A 2xx must not come while its offer in the 18x waits for the answer (RFC 3262 section 3).
        if (call.HasEarlyOffer) return false;
        if (call.Outbound.IsSettled) return early >= 0 && call.Early![early].IsSettled;
        // The caller has answered another's offer: it cannot be given a second one before its ACK.
        if (call.Inbound.IsSettled) return false;
        return Bodies.IsSdp(response) && SdpCarrier.TryCarryOffer(engine, call, call.Outbound, response.Body, out body);
    }

    private static void Keep(
        CallEngine engine, Call call, SipMessage response, int early, scoped ReadOnlySpan<byte> body)
    {
        ref var dialog = ref call.Early![early];
        (dialog.Media, dialog.AnswerVersion) = (call.Outbound.Media, call.Inbound.Origin.Version);
        // Without a buffer the answer is looked for in the 2xx.
        dialog.IsSettled = dialog.Answer.TryKeep(engine.Buffers, body);
        if (response.ToTag.SequenceEqual(call.Outbound.Dialog.RemoteTag)) call.Outbound.IsSettled = dialog.IsSettled;
    }

    // The caller has, or is being given, an answer that counts already.
    private static bool HasCallersAnswer(Call call) =>
        call.Inbound.IsSettled || (call.Ringing.IsOpen && call.Ringing.HasSdp);
}
