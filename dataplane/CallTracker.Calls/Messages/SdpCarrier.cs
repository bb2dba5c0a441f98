using CallTracker.Calls.Engine;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Time;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Carries a leg's SDP to the other leg: the peer's media address is noted and replaced by ours, everything else
/// passes.
/// Each leg keeps its local port for the life of the call. Worker thread only.
/// </summary>
internal static class SdpCarrier
{
    /// <summary>
    /// Rewrites an offer that came on <paramref name="leg"/> for the other leg; false when it has no usable audio, or
    /// none that both trunks' settings allow.
    /// </summary>
    public static bool TryCarryOffer(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        if (!TryOpen(engine, call, body) || !MediaSecurity.TryTakeOffer(engine, call, leg, out var keys)) return false;
        leg.Media = PeerMedia.Of(engine.Sdp.Audio, keys);
        return MediaSecurity.TryChooseOffer(call, call.OtherThan(leg), leg)
            && TryWrite(engine, call, leg, out rewritten);
    }

    /// <summary>The answer to an offer that repeats what the peer had: only its own media may have moved.</summary>
    public static void TakeRemote(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        var isUsable = engine.Sdp.Parse(body) == SdpParseResult.Ok;
        if (isUsable && MediaSecurity.TryTakeAnswer(engine, leg, out var keys))
            Restore(engine, call, leg, PeerMedia.Of(engine.Sdp.Audio, keys), at);
    }

    /// <summary>Puts a leg's media in force that were described before.</summary>
    public static void Restore(CallEngine engine, Call call, CallLeg leg, in PeerMedia media, in ReceivedAt at)
    {
        leg.Media = media;
        var isMuxed = media.RtcpMux && call.OtherThan(leg).Media.RtcpMux;
        Apply(engine, call, leg, isMuxed, at);
    }

    /// <summary>Rewrites an answer and completes the exchange: both peers' media are in force from now on.</summary>
    public static bool TryCarryAnswer(
        CallEngine engine, Call call, CallLeg answerer, ReadOnlySpan<byte> body, scoped in ReceivedAt at,
        out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        if (!TryOpen(engine, call, body) || !MediaSecurity.TryTakeAnswer(engine, answerer, out var keys)) return false;
        answerer.Media = PeerMedia.Of(engine.Sdp.Audio, keys);
        if (!TryWrite(engine, call, answerer, out rewritten)) return false;
        var offerer = call.OtherThan(answerer);
        var isMuxed = offerer.Media.RtcpMux && answerer.Media.RtcpMux;
        return Apply(engine, call, offerer, isMuxed, at) && Apply(engine, call, answerer, isMuxed, at);
    }

    private static bool TryOpen(CallEngine engine, Call call, ReadOnlySpan<byte> body) =>
        engine.Sdp.Parse(body) == SdpParseResult.Ok && CodecPolicy.TryApply(engine, call);

    private static bool TryWrite(CallEngine engine, Call call, CallLeg leg, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        var sdp = engine.Sdp;
        var other = call.OtherThan(leg);
        var address = engine.Settings.MediaAddressOf(engine.Media.IsIpv4(call.Media, other.Side));
        var local = address.WithPort(engine.Media.LocalPort(call.Media, other.Side));
        var result = SdpRewriter.Write(
            sdp, local, other.Keys.Now, ref other.Origin, engine.BodyScratch, out var length);
        if (result != SdpRewriteResult.Ok) return false;
        rewritten = engine.BodyScratch.AsSpan(0, length);
        other.Description.Keep(engine.Buffers, rewritten);
        return true;
    }

    private static bool Apply(CallEngine engine, Call call, CallLeg leg, bool isMuxed, in ReceivedAt at)
    {
        var media = leg.Media;
        MediaSecurity.Apply(engine, call, leg);
        return engine.Media.SetRemote(
            call.Media, leg.Side, media.Rtp, media.Rtcp, isMuxed, media.Direction, media.ClockRateHz, at.NowMs);
    }
}
