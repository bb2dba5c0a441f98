using CallTracker.Calls.Engine;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Time;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Direct;

/// <summary>
/// <see cref="Messages.SdpCarrier"/> for a direct call: a leg's SDP goes to the other leg with the peer's own address,
/// after the same questions: can it be read, is there audio that both trunks allow, can the other side reach it. Worker
/// thread only.
/// </summary>
internal static class DirectCarrier
{
    /// <summary>Carries an offer or an answer of <paramref name="leg"/>; false when it cannot be used.</summary>
    public static bool TryCarry(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> written)
    {
        written = default;
        return TryRead(engine, call, leg, body) && CodecPolicy.TryApply(engine, call.Trunk)
            && TryPass(engine, call, leg, out written);
    }

    /// <summary>
    /// The same for the caller's first offer: what each destination's trunk may have of it is chosen when that one is
    /// dialled.
    /// </summary>
    public static bool TryCarryFirst(
        CallEngine engine, Call call, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> written)
    {
        written = default;
        return TryRead(engine, call, call.Inbound, body) && TryPass(engine, call, call.Inbound, out written);
    }

    /// <summary>
    /// An answer without audio passes as it is, other streams in it as well; false when there is audio in it.
    /// </summary>
    public static bool TryCarryRefusal(
        CallEngine engine, Call call, CallLeg answerer, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> written)
    {
        written = default;
        engine.Sdp.Parse(body);
        if (!engine.Sdp.IsRefusal || !DirectSdp.IsPlain(engine.Sdp)) return false;
        var offerer = call.OtherThan(answerer);
        (answerer.Media, offerer.Media) = (PeerMedia.Silent(default), PeerMedia.Silent(default));
        return TryWrite(engine, call, offerer, out written);
    }

    /// <summary>
    /// A leg's answer to an offer of ours, which repeats what the other side had said. Where its media moved by that,
    /// the other side, which sends there itself, is offered the new place.
    /// </summary>
    public static void TakeRemote(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        // What no offer asked for is no answer.
        if (!leg.Description.IsOffered || !TryRead(engine, call, leg, body)) return;
        var (before, now) = (leg.Media, WhereOf(engine.Sdp));
        leg.Media = now;
        var isMoved = now.Rtp != before.Rtp || now.Rtcp != before.Rtcp || now.Direction != before.Direction;
        if (!isMoved || call.Direct.MovesTold == DirectPath.MovesToldMax) return;
        var other = call.OtherThan(leg);
        if (!TryWrite(engine, call, other, out var written)) return;
        call.Direct.MovesTold++;
        other.Description.Offer(engine.Buffers, written);
        RefreshSession.Send(engine, call, other, at);
    }

    // Opens it in the engine's view, with the codecs that the caller's trunk allows.
    private static bool TryRead(CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body) =>
        engine.Sdp.Parse(body) == SdpParseResult.Ok && IsUsable(engine, call, leg)
        && CodecPolicy.TryApply(engine, call.Facts.InboundTrunk);

    private static bool TryPass(CallEngine engine, Call call, CallLeg leg, out ReadOnlySpan<byte> written)
    {
        leg.Media = WhereOf(engine.Sdp);
        return TryWrite(engine, call, call.OtherThan(leg), out written);
    }

    // Its codecs and keys are no business of a node that has no part in them.
    private static PeerMedia WhereOf(SdpView sdp)
    {
        ref readonly var audio = ref sdp.Audio;
        return new(audio.Rtp, audio.Rtcp, audio.RtcpMux, audio.Direction, 0, default, default, default);
    }

    private static bool IsUsable(CallEngine engine, Call call, CallLeg leg)
    {
        ref readonly var audio = ref engine.Sdp.Audio;
        if (audio.IsSecure || audio.IsDtls || audio.Rtp.IsMulticast || !DirectSdp.IsPlain(engine.Sdp)) return false;
        if (audio.Rtp.IsUnspecified) return true;
        // Before a destination is chosen there is nobody yet who must reach the caller.
        var hearer = call.OtherThan(leg).Flow.Remote;
        return audio.Rtp.IsIpv4 == call.Direct.IsIpv4
            && (hearer.IsUnspecified || DirectMedia.Reaches(hearer, audio.Rtp));
    }

    private static bool TryWrite(CallEngine engine, Call call, CallLeg leg, out ReadOnlySpan<byte> written)
    {
        var address = engine.Settings.MediaAddressOf(call.Direct.IsIpv4);
        var result = DirectSdp.Write(engine.Sdp, address, ref leg.Origin, engine.BodyScratch, out var length);
        written = engine.BodyScratch.AsSpan(0, length);
        if (result != SdpRewriteResult.Ok) return false;
        leg.Description.Keep(engine.Buffers, written);
        return true;
    }
}
