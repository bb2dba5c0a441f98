using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Media.Dtls;
using CallTracker.Media.Srtp;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Whether a leg's media is encrypted, and with which keys: each leg agrees on its own, in SDP (RFC 4568) or by a
/// handshake beside it (RFC 5763), by its trunk's setting, and the relay joins what they agreed on. Works on the SDP
/// that is open in <see cref="CallEngine.Sdp"/>. Worker thread only.
/// </summary>
internal static class MediaSecurity
{
    /// <summary>
    /// Takes a leg's offer: the peer's key, and keys of ours for the answer. False when its trunk's setting refuses it
    /// or no line can be used.
    /// </summary>
    public static bool TryTakeOffer(CallEngine engine, Call call, CallLeg leg, out SrtpMaster remote)
    {
        remote = default;
        ref readonly var audio = ref engine.Sdp.Audio;
        if (audio.IsDtls) return TryTakeDtlsOffer(engine, call, leg);
        if (!Allows(PolicyOf(call, leg), leg, call.TrunkOf(leg), audio.IsSecure)) return false;
        leg.Keys.Dtls = default;
        if (!audio.IsSecure)
        {
            leg.Keys.Now = default;
            return true;
        }
        if (!engine.Sdp.TryFindCrypto(out var tag, out remote)) return false;
        // A new key of the peer's is answered by a new one of ours, so that both directions begin anew together.
        if (leg.Keys.Now.IsNone || leg.Media.Keys != remote) leg.Keys.Now = SrtpLocal.Make();
        leg.Keys.Now.Choose(remote.Suite, tag);
        return true;
    }

    /// <summary>
    /// Chooses what a leg is offered. One that has agreed already keeps what it has; else its trunk decides, and where
    /// that leaves it open the side that made the offer. False when its trunk wants what cannot be.
    /// </summary>
    public static bool TryChooseOffer(CallEngine engine, Call call, CallLeg leg, CallLeg offerer)
    {
        if (leg.IsSettled)
        {
            if (!leg.Keys.Dtls.IsNone) leg.Keys.Dtls = leg.Keys.Dtls.AsOffer();
            var agreed = leg.Media.Keys.Suite;
            if (agreed != SrtpSuite.None && leg.Keys.Now.Suite == SrtpSuite.None)
                leg.Keys.Now.Choose(agreed, SrtpLocal.TagOf(agreed));
            return true;
        }
        var trunk = call.TrunkOf(leg);
        var policy = PolicyOf(call, leg);
        var isWanted = policy == SrtpPolicy.Required
            || (policy == SrtpPolicy.Optional && MayCarryKeys(leg, trunk) && offerer.Keys.IsSecure);
        leg.Keys.Now = isWanted ? SrtpLocal.Make() : default;
        leg.Keys.Dtls = policy == SrtpPolicy.Dtls ? DtlsLocal.Offer() : default;
        if (policy == SrtpPolicy.Dtls) return engine.Media.Dtls.Identity is not null;
        return !isWanted || MayCarryKeys(leg, trunk);
    }

    /// <summary>
    /// Takes the answer to our offer on a leg; false when it is not of what was offered (RFC 4568 section 5.1.3).
    /// </summary>
    public static bool TryTakeAnswer(CallEngine engine, CallLeg leg, out SrtpMaster remote)
    {
        remote = default;
        ref readonly var audio = ref engine.Sdp.Audio;
        if (audio.IsDtls != !leg.Keys.Dtls.IsNone || audio.IsSecure == leg.Keys.Now.IsNone) return false;
        if (audio.IsDtls) return engine.Sdp.ReadDtls() is { IsNone: false, Setup: not DtlsSetup.ActPass };
        if (!audio.IsSecure) return true;
        return engine.Sdp.TryFindCrypto(out var tag, out remote) && leg.Keys.Now.Offers(remote.Suite, tag);
    }

    /// <summary>An offer that was carried is refused: both legs' keys are as before.</summary>
    public static void Revert(Call call)
    {
        call.Inbound.Keys.Revert();
        call.Outbound.Keys.Revert();
    }

    /// <summary>The relay opens and seals a leg's media as agreed; a plain leg costs it nothing.</summary>
    public static void Apply(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (!leg.Media.Dtls.IsNone)
        {
            leg.Keys.Dtls = leg.Keys.Dtls.Agreed(leg.Media.Dtls.Setup);
            engine.Media.Dtls.Set(call.Media, leg.Side, leg.Keys.Dtls, leg.Media.Dtls, at.NowMs);
        }
        else
        {
            var remote = leg.Media.Keys;
            var local = remote.IsNone ? default : leg.Keys.Now.KeyOf(remote.Suite);
            engine.Media.SetKeys(call.Media, leg.Side, local, remote);
        }
        leg.Keys.Settle();
    }

    /// <summary>
    /// Writes the offer anew where the present destination's trunk is offered other media than the offer at hand holds:
    /// each attempt has keys of its own. False when it cannot be.
    /// </summary>
    public static bool TryMatch(CallEngine engine, Call call)
    {
        if (call.IsLateOffer) return true;
        var had = call.Outbound.Keys.IsSecure;
        var isFit = TryChooseOffer(engine, call, call.Outbound, call.Inbound);
        if (isFit && !had && !call.Outbound.Keys.IsSecure) return true;
        if (isFit)
        {
            call.Offer.Release(engine.Buffers);
            isFit = OfferIn.Prepare(engine, call) == 0;
        }
        if (isFit) return true;
        call.DialReason = EndReason.UnusableMedia;
        call.Facts.Attempts[^1].SipCode = 488;
        return false;
    }

    /// <summary>The same for a transfer's target, which is offered keys of its own or none.</summary>
    public static bool TryMatchTarget(CallEngine engine, Call call, CallLeg target) =>
        TryChooseOffer(engine, call, target, call.Inbound) && SdpCarrier.TryRenewOffer(engine, call, target);

    // The hash of a certificate may be read by anybody, so that no TLS is asked for.
    private static bool TryTakeDtlsOffer(CallEngine engine, Call call, CallLeg leg)
    {
        var offer = engine.Sdp.ReadDtls();
        if (offer.IsNone || engine.Media.Dtls.Identity is null || PolicyOf(call, leg) == SrtpPolicy.Off) return false;
        leg.Keys.Now = default;
        leg.Keys.Dtls = DtlsLocal.Answer(offer, engine.Sdp.ReadDtlsForm(), leg.Media.Dtls, leg.Keys.Dtls);
        return true;
    }

    private static SrtpPolicy PolicyOf(Call call, CallLeg leg) => call.TrunkOf(leg)?.Srtp ?? SrtpPolicy.Off;

    private static bool Allows(SrtpPolicy policy, CallLeg leg, Trunk? trunk, bool isSecure) =>
        isSecure
            ? policy is SrtpPolicy.Optional or SrtpPolicy.Required && MayCarryKeys(leg, trunk)
            : policy is SrtpPolicy.Off or SrtpPolicy.Optional;

    // A key in a message that anyone can read protects nothing.
    private static bool MayCarryKeys(CallLeg leg, Trunk? trunk) =>
        leg.Flow.Kind == SipTransportKind.Tls || trunk is { SrtpWithoutTls: true };
}
