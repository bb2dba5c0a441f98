using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Media.Sdp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Audio is converted where a trunk of the call allows it and the two sides share no codec: offers name further codecs
/// behind those of the offerer, and an answer that takes one of these is told to the offerer as one of its own. Works
/// on the SDP that is open in <see cref="CallEngine.Sdp"/>. Worker thread only.
/// </summary>
internal static class Conversion
{
    /// <summary>True when a call by this trunk may be converted, and the node has room for it.</summary>
    public static bool IsAllowed(CallEngine engine, Call call, Trunk? destination) =>
        (call.Facts.InboundTrunk is { Transcode: true } || destination is { Transcode: true })
        && engine.Media.CanConvert(call.Media);

    /// <summary>
    /// Gives the open offer what a leg's trunk allows beside the offerer's codecs; false when no codec is left.
    /// </summary>
    public static bool TryExtend(CallEngine engine, Call call, CallLeg leg)
    {
        var allowed = call.TrunkOf(leg)?.Codecs ?? [];
        return ConvertedSdp.WriteOffer(engine.Sdp, allowed, engine.CodecScratch, out var length) switch
        {
            CodecFilterResult.AllKept => true,
            CodecFilterResult.Reduced => TryReopen(engine, length),
            _ => false,
        };
    }

    /// <summary>Makes the open answer one that its offerer understands; false when that cannot be.</summary>
    public static bool TryAdapt(CallEngine engine, Call call, CallLeg answerer)
    {
        var offerer = call.OtherThan(answerer);
        if (!IsNeeded(call, answerer)) return true;
        return ConvertedSdp.TryWriteAnswer(engine.Sdp, offerer.Media.Audio, engine.CodecScratch, out var length)
            && TryReopen(engine, length);
    }

    /// <summary>
    /// The exchange is complete: the relay converts from now on, or no longer. False when it would have to and has no
    /// room.
    /// </summary>
    public static bool TrySettle(CallEngine engine, Call call, CallLeg answerer)
    {
        var isNeeded = IsNeeded(call, answerer) && IsAllowed(engine, call, call.Trunk);
        return engine.Media.TrySetConversion(
            call.Media, call.Inbound.Media.Audio, call.Outbound.Media.Audio, isNeeded);
    }

    /// <summary>True when the two sides share no codec.</summary>
    public static bool IsNeeded(Call call, CallLeg answerer) =>
        answerer.Media.Audio.NeedsConversionFor(call.OtherThan(answerer).Media.Audio);

    private static bool TryReopen(CallEngine engine, int length) =>
        engine.Sdp.Parse(engine.CodecScratch.AsSpan(0, length)) == SdpParseResult.Ok;
}
