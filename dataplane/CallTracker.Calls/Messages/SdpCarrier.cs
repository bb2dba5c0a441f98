using CallTracker.Calls.Digits;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Hold;
using CallTracker.Calls.Recording;
using CallTracker.Calls.Trunks;
using CallTracker.Core.Net;
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
        var other = call.OtherThan(leg);
        rewritten = default;
        if (!TryTakeOffer(engine, call, leg, body, out var isConvertible)) return false;
        if (isConvertible && !Conversion.TryExtend(engine, call, other)) return false;
        DigitPolicy.ApplyToOffer(engine, call, leg);
        HoldMusic.OpenOffer(engine, call, leg);
        return MediaSecurity.TryChooseOffer(engine, call, other, leg)
            && TryWrite(engine, call, leg, out rewritten);
    }

    /// <summary>
    /// The same for the caller's first offer, which is kept: what each destination may have of it is chosen when that
    /// one is dialled (<see cref="CodecPolicy.OfferFor"/>).
    /// </summary>
    public static bool TryCarryFirstOffer(
        CallEngine engine, Call call, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        return TryTakeOffer(engine, call, call.Inbound, body, out _)
            && MediaSecurity.TryChooseOffer(engine, call, call.Outbound, call.Inbound)
            && TryWrite(engine, call, call.Inbound, out rewritten);
    }

    /// <summary>
    /// Writes the kept offer anew for a transfer's target, with the keys that were chosen for it: those in it are the
    /// present destination's. False when there is no buffer for it; then there is no offer any more.
    /// </summary>
    public static bool TryRenewOffer(CallEngine engine, Call call, CallLeg target)
    {
        if (engine.Sdp.Parse(call.Offer.Bytes) != SdpParseResult.Ok) return false;
        if (!engine.Sdp.Audio.IsSecure && !engine.Sdp.Audio.IsDtls && !target.Keys.IsSecure) return true;
        if (!TryWriteFor(engine, call, target, out var offer)) return false;
        call.Offer.Release(engine.Buffers);
        return call.Offer.TryKeep(engine.Buffers, offer);
    }

    /// <summary>
    /// Notes what an answer says whose offer is void by now; false when it is none to what the leg was offered.
    /// </summary>
    public static bool TryNoteAnswer(CallEngine engine, CallLeg leg, ReadOnlySpan<byte> body)
    {
        if (engine.Sdp.Parse(body) != SdpParseResult.Ok) return false;
        if (!MediaSecurity.TryTakeAnswer(engine, leg, out var keys)) return false;
        leg.Media = PeerMedia.Of(engine.Sdp, keys);
        return true;
    }

    /// <summary>The answer to an offer that repeats what the peer had: only its own media may have moved.</summary>
    public static void TakeRemote(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        var isUsable = engine.Sdp.Parse(body) == SdpParseResult.Ok;
        if (isUsable && MediaSecurity.TryTakeAnswer(engine, leg, out var keys))
            Restore(engine, call, leg, DigitPolicy.Note(engine, call, leg, PeerMedia.Of(engine.Sdp, keys)), at);
    }

    /// <summary>Puts a leg's media in force that were described before.</summary>
    public static void Restore(CallEngine engine, Call call, CallLeg leg, in PeerMedia media, in ReceivedAt at)
    {
        leg.Media = media;
        var isMuxed = media.RtcpMux && call.OtherThan(leg).Media.RtcpMux;
        if (Apply(engine, call, leg, isMuxed, at)) _ = Conversion.TrySettle(engine, call, leg);
        HoldMusic.Follow(engine, call, at);
        DigitPolicy.Apply(engine, call, call.OtherThan(leg), leg);
    }

    /// <summary>Rewrites an answer and completes the exchange: both peers' media are in force from now on.</summary>
    public static bool TryCarryAnswer(
        CallEngine engine, Call call, CallLeg answerer, ReadOnlySpan<byte> body, scoped in ReceivedAt at,
        out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        if (!TryOpen(engine, call, answerer, body, out var isConvertible)) return false;
        if (!MediaSecurity.TryTakeAnswer(engine, answerer, out var keys)) return false;
        answerer.Media = DigitPolicy.Note(engine, call, answerer, PeerMedia.Of(engine.Sdp, keys));
        if (isConvertible && !Conversion.TryAdapt(engine, call, answerer)) return false;
        HoldMusic.FitAnswer(engine, call, answerer);
        var offerer = call.OtherThan(answerer);
        DigitPolicy.ApplyToAnswer(engine, call, offerer, answerer);
        if (!TryWrite(engine, call, answerer, out rewritten)) return false;
        var isMuxed = offerer.Media.RtcpMux && answerer.Media.RtcpMux;
        if (!isConvertible || !Conversion.IsNeeded(call, answerer)) Agree(offerer, answerer);
        var isTaken = Apply(engine, call, offerer, isMuxed, at) && Apply(engine, call, answerer, isMuxed, at)
            && Conversion.TrySettle(engine, call, answerer);
        HoldMusic.Follow(engine, call, at);
        if (isTaken) DigitPolicy.Apply(engine, call, offerer, answerer);
        return isTaken;
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
        answerer.Media = PeerMedia.Silent(answerer.Media);
        offerer.Media = PeerMedia.Silent(offerer.Media);
        var isTaken = Apply(engine, call, answerer, isMuxed: false, at)
            && Apply(engine, call, offerer, isMuxed: false, at);
        HoldMusic.Follow(engine, call, at);
        return isTaken;
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

    private static bool TryTakeOffer(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, out bool isConvertible)
    {
        if (!TryOpen(engine, call, leg, body, out isConvertible)) return false;
        if (!MediaSecurity.TryTakeOffer(engine, call, leg, out var keys)) return false;
        leg.Media = DigitPolicy.Note(engine, call, leg, PeerMedia.Of(engine.Sdp, keys));
        return true;
    }

    // Both send what the answer took (RFC 3264 section 6.1), whatever the offer named first.
    private static void Agree(CallLeg offerer, CallLeg answerer)
    {
        var chosen = answerer.Media;
        offerer.Media = offerer.Media with { ClockRateHz = chosen.ClockRateHz, Codec = chosen.Codec };
    }

    // What is to be converted need not be allowed on the other leg's trunk.
    private static bool TryOpen(
        CallEngine engine, Call call, CallLeg leg, ReadOnlySpan<byte> body, out bool isConvertible)
    {
        isConvertible = Conversion.IsAllowed(engine, call, call.Trunk);
        if (engine.Sdp.Parse(body) != SdpParseResult.Ok) return false;
        return isConvertible
            ? CodecPolicy.TryApply(engine, call.TrunkOf(leg))
            : CodecPolicy.TryApply(engine, call);
    }

    private static bool TryWrite(CallEngine engine, Call call, CallLeg leg, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        var other = call.OtherThan(leg);
        if (!TryWriteFor(engine, call, other, out rewritten)) return false;
        other.Description.Keep(engine.Buffers, rewritten);
        return true;
    }

    private static bool TryWriteFor(CallEngine engine, Call call, CallLeg leg, out ReadOnlySpan<byte> rewritten)
    {
        var address = engine.Settings.MediaAddressOf(engine.Media.IsIpv4(call.Media, leg.Side));
        var local = address.WithPort(engine.Media.LocalPort(call.Media, leg.Side));
        var result = SdpRewriter.Write(
            engine.Sdp, local, leg.Keys.Now, ref leg.Origin, engine.BodyScratch, out var length);
        rewritten = engine.BodyScratch.AsSpan(0, length);
        if (result != SdpRewriteResult.Ok) return false;
        return (!engine.Sdp.Audio.IsDtls && leg.Keys.Dtls.IsNone)
            || TryDress(engine, leg, call.OtherThan(leg), local, ref rewritten);
    }

    // From or to a browser.
    private static bool TryDress(
        CallEngine engine, CallLeg leg, CallLeg from, in IpEndpoint local, ref ReadOnlySpan<byte> rewritten)
    {
        if (engine.DressedSdp.Parse(rewritten) != SdpParseResult.Ok) return false;
        var ours = engine.Media.Dtls.Identity?.Fingerprint ?? default;
        var isAlone = leg.Keys.Dtls.HasOwnStreams || from.Keys.Dtls.HasOwnStreams;
        var isWritten = SdpDtlsWriter.TryWrite(
            engine.DressedSdp, local, leg.Keys.Dtls, isAlone, ours, engine.BodyScratch, out var length);
        rewritten = engine.BodyScratch.AsSpan(0, length);
        return isWritten;
    }

    private static bool Apply(CallEngine engine, Call call, CallLeg leg, bool isMuxed, in ReceivedAt at)
    {
        var media = leg.Media;
        // A handshake is for one port, so that RTCP goes there too, however the other side has it.
        if (!media.Dtls.IsNone) isMuxed = true;
        else if (!call.OtherThan(leg).Media.Dtls.IsNone) isMuxed = false;
        // What ICE finds counts, not what the SDP guesses.
        var rtp = media.Dtls.HasIce ? default : media.Rtp;
        var isTaken = engine.Media.SetRemote(
            call.Media, leg.Side, rtp, media.Rtcp, isMuxed, media.Direction, media.ClockRateHz, at.NowMs);
        if (isTaken) MediaSecurity.Apply(engine, call, leg, at);
        engine.Media.Quality.Describe(call.Media, leg.Side, media.Codec, media.IsRtcpOff);
        if (isTaken) RecordCall.OnMedia(engine, call, leg, at);
        return isTaken;
    }
}
