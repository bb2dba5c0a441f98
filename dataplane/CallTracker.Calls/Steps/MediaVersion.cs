using CallTracker.Calls.Engine;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Which IP version the media of each leg has: the caller's follows its offer, the destination's its trunk. The relay
/// joins the two, whatever they are. Worker thread only.
/// </summary>
internal static class MediaVersion
{
    /// <summary>True for IPv4: what the caller's offer names and we have, else what its signalling came by.</summary>
    public static bool OfCaller(CallEngine engine, Call call)
    {
        var isIpv4 = call.Inbound.Flow.Remote.IsIpv4;
        if (call.IsLateOffer) return isIpv4;
        call.Invite.Open(engine.StoredView);
        var isReadable = engine.Sdp.Parse(engine.StoredView.Body) == SdpParseResult.Ok && engine.Sdp.AudioIndex >= 0;
        if (!isReadable || engine.Sdp.Audio.Rtp.IsUnspecified) return isIpv4;
        var wanted = engine.Sdp.Audio.Rtp.IsIpv4;
        return engine.Settings.HasIpVersion(wanted) ? wanted : isIpv4;
    }

    /// <summary>
    /// Gives the outbound leg ports of the IP version it is dialled by and writes the offer anew with them, where the
    /// last
    /// attempt had the other one. False when there are none.
    /// </summary>
    public static bool TryMatch(CallEngine engine, Call call, bool wanted)
    {
        if (engine.Media.IsIpv4(call.Media, MediaSide.B) == wanted) return true;
        if (!engine.Media.TryRenew(call.Media, MediaSide.B, wanted, out _)) return false;
        call.Offer.Release(engine.Buffers);
        return OfferIn.Prepare(engine, call) == 0;
    }
}
