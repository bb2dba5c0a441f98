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
    /// Rewrites SDP that came on <paramref name="leg"/> for the other leg; false when it has no usable audio.
    /// </summary>
    public static bool TryRewrite(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        var sdp = engine.Sdp;
        if (sdp.Parse(body) != SdpParseResult.Ok || !CodecPolicy.TryApply(engine, call)) return false;
        leg.Media = PeerMedia.Of(sdp.Audio);
        var other = leg == call.Inbound ? call.Outbound : call.Inbound;
        var address = engine.Settings.MediaAddressOf(engine.Media.IsIpv4(call.Media, other.Side));
        var local = address.WithPort(engine.Media.LocalPort(call.Media, other.Side));
        var result = SdpRewriter.Write(sdp, local, ref other.Origin, engine.BodyScratch, out var length);
        if (result != SdpRewriteResult.Ok) return false;
        rewritten = engine.BodyScratch.AsSpan(0, length);
        other.Description.Keep(engine.Buffers, rewritten);
        return true;
    }

    /// <summary>The answer to an offer that repeats what the peer had: only its own media may have moved.</summary>
    public static void TakeRemote(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        if (engine.Sdp.Parse(body) == SdpParseResult.Ok)
            Restore(engine, call, leg, PeerMedia.Of(engine.Sdp.Audio), at);
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
        if (!TryRewrite(engine, call, answerer, body, out rewritten)) return false;
        var offerer = answerer == call.Inbound ? call.Outbound : call.Inbound;
        var isMuxed = offerer.Media.RtcpMux && answerer.Media.RtcpMux;
        return Apply(engine, call, offerer, isMuxed, at) && Apply(engine, call, answerer, isMuxed, at);
    }

    /// <summary>
    /// An answer that takes no audio (RFC 3264 section 6), to an offer of a running call: it passes as it is, so that
    /// both sides know the same, and nothing is relayed until one of them offers audio again.
    /// </summary>
    public static bool TryCarryRefusal(
        CallEngine engine, Call call, CallLeg answerer, ReadOnlySpan<byte> body, scoped in ReceivedAt at,
        out ReadOnlySpan<byte> rewritten)
    {
        var offerer = call.OtherThan(answerer);
        rewritten = RefusalFor(engine, call, offerer, body);
        if (rewritten.IsEmpty) return false;
        offerer.Description.Keep(engine.Buffers, rewritten);
        (answerer.Media, offerer.Media) = (PeerMedia.None, PeerMedia.None);
        return Apply(engine, call, answerer, isMuxed: false, at) && Apply(engine, call, offerer, isMuxed: false, at);
    }

    /// <summary>
    /// SDP without audio, written for a leg: the other side's answer, or our own answer to the leg's offer. Empty where
    /// there is audio in it.
    /// </summary>
    public static ReadOnlySpan<byte> RefusalFor(CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> sdp)
    {
        engine.Sdp.Parse(sdp);
        var address = engine.Settings.MediaAddressOf(engine.Media.IsIpv4(call.Media, leg.Side));
        SdpRewriter.WriteRefusal(engine.Sdp, address, ref leg.Origin, engine.BodyScratch, out var length);
        return engine.BodyScratch.AsSpan(0, length);
    }

    private static bool Apply(CallEngine engine, Call call, CallLeg leg, bool isMuxed, in ReceivedAt at)
    {
        var media = leg.Media;
        return engine.Media.SetRemote(
            call.Media, leg.Side, media.Rtp, media.Rtcp, isMuxed, media.Direction, media.ClockRateHz, at.NowMs);
    }
}
