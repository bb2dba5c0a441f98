using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Direct;

/// <summary>
/// Decides whether a call's media goes past this node, from peer to peer: when both trunks say so and nothing needs its
/// packets; in doubt it does not. Decided for each attempt before any SDP goes out for it, and never again once it is
/// answered. A direct call has no session in the relay. Worker thread only.
/// </summary>
internal static class DirectMedia
{
    /// <summary>
    /// Before the first destination: true when the call may be direct as far as its caller's side goes. It has no media
    /// ports then, until a destination needs them.
    /// </summary>
    public static bool TryTake(CallEngine engine, Call call)
    {
        if (call.Facts.InboundTrunk is not { IsMediaDirect: true } trunk || !Suits(trunk)) return false;
        if (call.Facts.Route!.Recording is not null) return false;
        if (!TryReadOffer(engine, call, out call.Direct.IsIpv4)) return false;
        call.Direct.IsPossible = true;
        Take(call);
        return true;
    }

    /// <summary>
    /// For the attempt that is about to be sent: its trunk decides, and the offer is written anew where that changes
    /// the way. False when there are no ports or there is no offer for it.
    /// </summary>
    public static bool TrySettle(CallEngine engine, Call call, Trunk trunk)
    {
        if (!call.Direct.IsPossible) return true;
        var isDirect = SuitsTarget(call, trunk) && !IsToldOfPorts(call);
        var hasOffer = call.IsLateOffer || !call.Offer.Bytes.IsEmpty;
        if (isDirect == call.IsDirect && hasOffer) return true;
        if (isDirect) Take(engine, call);
        else if (!TryAnchor(engine, call)) return false;
        call.Offer.Release(engine.Buffers);
        if (OfferIn.Prepare(engine, call) == 0) return true;
        call.DialReason = EndReason.UnusableMedia;
        call.Facts.Attempts[^1].SipCode = 488;
        return false;
    }

    /// <summary>True when a peer that is reached here can be sent media at this address.</summary>
    public static bool Reaches(in IpEndpoint peer, in IpEndpoint media)
    {
        if (media.IsUnspecified) return true;
        if (media.IsLoopback) return peer.IsLoopback;
        // An address of its own network, told to one outside: the sender is behind a NAT, which only a relay gets over.
        return !media.IsPrivate || peer.IsPrivate || peer.IsLoopback;
    }

    private static void Take(CallEngine engine, Call call)
    {
        MediaPorts.Close(engine, call);
        (call.Facts.InboundMedia, call.Facts.OutboundMedia) = (default, default);
        Take(call);
    }

    private static void Take(Call call)
    {
        call.Direct.IsTaken = true;
        call.Facts.MediaMode = MediaMode.Direct;
        // Nobody hears whether its peer lives: it is asked, by a re-INVITE where it takes no UPDATE.
        call.Inbound.Description.IsWanted |= !call.Inbound.AllowsUpdate;
    }

    private static bool TryAnchor(CallEngine engine, Call call)
    {
        if (call.Media == Call.NoMedia && !MediaPorts.TryOpen(engine, call))
        {
            call.DialReason = EndReason.Capacity;
            return false;
        }
        call.Direct.IsTaken = false;
        return true;
    }

    // What of a trunk's settings needs the packets, or the node to know that the peer lives without them.
    private static bool Suits(Trunk trunk) =>
        trunk is
        {
            IsMediaDirect: true, Transcode: false, Srtp: SrtpPolicy.Off, HoldMusic.Length: 0,
            AcceptsRegistration: false, SessionExpiresSec: > 0,
        };

    private static bool SuitsTarget(Call call, Trunk trunk)
    {
        if (!Suits(trunk) || trunk.Ringback == TrunkRingback.On || trunk.Refer == ReferPolicy.Execute) return false;
        var own = call.Facts.InboundTrunk!.Dtmf;
        var hasOneWay = own == trunk.Dtmf || own == DtmfWay.Pass || trunk.Dtmf == DtmfWay.Pass;
        var target = call.Outbound.Flow.Remote;
        return hasOneWay && target.IsIpv4 == call.Direct.IsIpv4 && Reaches(target, call.Inbound.Media.Rtp);
    }

    // Who sends to our port already goes on doing so (RFC 3261 section 13.2.1).
    private static bool IsToldOfPorts(Call call) =>
        !call.IsDirect && (call.HasEarlyMedia || call.Inbound.IsSettled || call.Ringing.HasSdp);

    private static bool TryReadOffer(CallEngine engine, Call call, out bool isIpv4)
    {
        var caller = call.Inbound.Flow.Remote;
        isIpv4 = caller.IsIpv4;
        if (call.IsLateOffer) return true;
        call.Invite.Open(engine.StoredView);
        if (engine.Sdp.Parse(engine.StoredView.Body) != SdpParseResult.Ok) return false;
        if (!DirectSdp.IsPlain(engine.Sdp)) return false;
        var media = engine.Sdp.Audio.Rtp;
        if (!media.IsUnspecified) isIpv4 = media.IsIpv4;
        return !media.IsMulticast && Reaches(caller, media);
    }
}
