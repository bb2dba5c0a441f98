using CallTracker.Calls.Digits;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Routing;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Sdp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Calls.Trunks;

/// <summary>
/// Keeps the codecs that a call's trunks may use: offers and answers pass through both trunks' lists before they are
/// carried to the other leg. Worker thread only.
/// </summary>
internal static class CodecPolicy
{
    /// <summary>
    /// Reduces the SDP that is open in <see cref="CallEngine.Sdp"/>; false when no codec is left.
    /// </summary>
    public static bool TryApply(CallEngine engine, Call call) =>
        TryApply(engine, call.Facts.InboundTrunk) && TryApply(engine, call.Trunk);

    /// <summary>True when the trunk may use a codec of the caller's offer, or is to make the offer.</summary>
    public static bool HasOfferFor(CallEngine engine, Call call, Trunk trunk)
    {
        if (call.IsLateOffer || trunk.Codecs.Length == 0 || !OfferFor(engine, call, trunk).IsEmpty) return true;
        call.DialReason = Model.EndReason.UnusableMedia;
        call.Facts.Attempts[^1].SipCode = 488;
        return false;
    }

    /// <summary>
    /// The caller's offer with the trunk's codecs and telephone-events alone, and where it may be converted with
    /// further codecs; empty when there is none. Valid until the next SDP is handled.
    /// </summary>
    public static ReadOnlySpan<byte> OfferFor(CallEngine engine, Call call, Trunk trunk) =>
        DigitPolicy.OfferFor(
            engine, call, WithCodecsOf(engine, call, trunk), trunk.Transcode ? DtmfWay.Pass : trunk.Dtmf);

    private static ReadOnlySpan<byte> WithCodecsOf(CallEngine engine, Call call, Trunk trunk)
    {
        var isConvertible = Conversion.IsAllowed(engine, call, trunk);
        if (trunk.Codecs.Length == 0 && !isConvertible) return call.Offer.Bytes;
        if (engine.Sdp.Parse(call.Offer.Bytes) != SdpParseResult.Ok) return default;
        var result = isConvertible
            ? ConvertedSdp.WriteOffer(engine.Sdp, trunk.Codecs, engine.CodecScratch, out var length)
            : CodecFilter.Write(engine.Sdp, trunk.Codecs, engine.CodecScratch, out length);
        return result switch
        {
            CodecFilterResult.AllKept => call.Offer.Bytes,
            CodecFilterResult.Reduced => engine.CodecScratch.AsSpan(0, length),
            _ => default,
        };
    }

    /// <summary>Reduces the open SDP to one trunk's codecs; null has no list.</summary>
    public static bool TryApply(CallEngine engine, Trunk? trunk)
    {
        if (trunk is null || trunk.Codecs.Length == 0) return true;
        return CodecFilter.Write(engine.Sdp, trunk.Codecs, engine.CodecScratch, out var length) switch
        {
            CodecFilterResult.AllKept => true,
            CodecFilterResult.Reduced => engine.Sdp.Parse(engine.CodecScratch.AsSpan(0, length)) == SdpParseResult.Ok,
            _ => false,
        };
    }
}
