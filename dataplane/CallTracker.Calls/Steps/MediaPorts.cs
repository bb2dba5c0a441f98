using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Steps;

/// <summary>Opens and closes the call's media session; its figures go to the facts at the end.</summary>
internal static class MediaPorts
{
    /// <summary>False when no ports are left.</summary>
    public static bool TryOpen(CallEngine engine, Call call)
    {
        // The destination's trunk is not chosen yet; most calls stay within one IP version.
        var isIpv4 = MediaVersion.OfCaller(engine, call);
        if (!engine.Media.TryOpen(call.Slot, isIpv4, isIpv4, out var session)) return false;
        (call.Media, call.Facts.MediaMode) = (session, MediaMode.Anchored);
        SetSource(engine, call, call.Inbound, call.Facts.InboundTrunk);
        return true;
    }

    /// <summary>From where a leg's media may come beside its SDP's address, and if it is sent there.</summary>
    public static void SetSource(CallEngine engine, Call call, CallLeg leg, Trunk? trunk) =>
        engine.Media.SetSourceRule(
            call.Media, leg.Side, MediaSourceRule.SignallingAddress, leg.Flow.Remote,
            trunk is { MediaAsymmetric: true });

    /// <summary>Nothing is sent to a destination that was given up; the next one describes its own media.</summary>
    public static void ForgetDestination(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Outbound.Media == default) return;
        call.Outbound.Media = default;
        if (call.IsDirect) return;
        engine.Media.SetKeys(call.Media, MediaSide.B, default, default);
        _ = engine.Media.TrySetConversion(call.Media, default, default, isNeeded: false);
        engine.Media.SetRemote(
            call.Media, MediaSide.B, default, default, rtcpMux: false, SdpDirection.Inactive, 0, at.NowMs);
    }

    public static void Close(CallEngine engine, Call call)
    {
        if (call.Media == Call.NoMedia) return;
        engine.Media.Close(call.Media, out var inbound, out var outbound);
        call.Media = Call.NoMedia;
        call.Facts.InboundMedia = ToFigures(inbound);
        call.Facts.OutboundMedia = ToFigures(outbound);
    }

    private static MediaFigures ToFigures(in MediaTotals totals) => new(
        totals.Packets, totals.Bytes, totals.Lost, totals.JitterUs, totals.Relayed, totals.Dropped, QualityOf(totals));

    private static QualityFigures QualityOf(in MediaTotals totals)
    {
        var quality = totals.Quality;
        return new QualityFigures(
            UInt32(totals.Reordered), UInt32(totals.Duplicates), quality.JitterUsMean, quality.JitterUsMax,
            quality.LongGaps, UInt32((ulong)totals.GapMsMax), (int)Math.Min(quality.FirstPacketMs, int.MaxValue),
            // 0 says that none was measured.
            quality.RoundTripUs < 0 ? 0 : UInt32((ulong)Math.Max(1, quality.RoundTripUs)),
            UInt32((ulong)quality.SilenceMs), (ushort)Math.Round(quality.Mos * 100));
    }

    private static uint UInt32(ulong value) => (uint)Math.Min(uint.MaxValue, value);
}
