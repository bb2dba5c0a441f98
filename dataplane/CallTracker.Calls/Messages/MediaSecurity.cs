using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Media.Srtp;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Whether a leg's media is encrypted, and with which keys: each leg agrees on its own (RFC 4568), by its trunk's
/// setting, and the relay joins what they agreed on. Works on the SDP that is open in <see cref="CallEngine.Sdp"/>.
/// Worker thread only.
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
        if (audio.IsDtls || !Allows(PolicyOf(call, leg), leg, call.TrunkOf(leg), audio.IsSecure)) return false;
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
    public static bool TryChooseOffer(Call call, CallLeg leg, CallLeg offerer)
    {
        if (leg.IsSettled)
        {
            var agreed = leg.Media.Keys.Suite;
            if (agreed != SrtpSuite.None && leg.Keys.Now.Suite == SrtpSuite.None)
                leg.Keys.Now.Choose(agreed, SrtpLocal.TagOf(agreed));
            return true;
        }
        var trunk = call.TrunkOf(leg);
        var policy = PolicyOf(call, leg);
        var isWanted = policy == SrtpPolicy.Required
            || (policy == SrtpPolicy.Optional && MayCarryKeys(leg, trunk) && !offerer.Keys.Now.IsNone);
        leg.Keys.Now = isWanted ? SrtpLocal.Make() : default;
        return !isWanted || MayCarryKeys(leg, trunk);
    }

    /// <summary>
    /// Takes the answer to our offer on a leg; false when it is not of what was offered (RFC 4568 section 5.1.3).
    /// </summary>
    public static bool TryTakeAnswer(CallEngine engine, CallLeg leg, out SrtpMaster remote)
    {
        remote = default;
        ref readonly var audio = ref engine.Sdp.Audio;
        if (audio.IsDtls || audio.IsSecure == leg.Keys.Now.IsNone) return false;
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
    public static void Apply(CallEngine engine, Call call, CallLeg leg)
    {
        var remote = leg.Media.Keys;
        var local = remote.IsNone ? default : leg.Keys.Now.KeyOf(remote.Suite);
        engine.Media.SetKeys(call.Media, leg.Side, local, remote);
        leg.Keys.Settle();
    }

    /// <summary>
    /// Writes the offer anew where the present destination's trunk is offered other media than the offer at hand holds:
    /// each attempt has keys of its own. False when it cannot be.
    /// </summary>
    public static bool TryMatch(CallEngine engine, Call call)
    {
        if (call.IsLateOffer) return true;
        var had = !call.Outbound.Keys.Now.IsNone;
        var isFit = TryChooseOffer(call, call.Outbound, call.Inbound);
        if (isFit && !had && call.Outbound.Keys.Now.IsNone) return true;
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
        TryChooseOffer(call, target, call.Inbound) && SdpCarrier.TryRenewOffer(engine, call, target);

    private static SrtpPolicy PolicyOf(Call call, CallLeg leg) => call.TrunkOf(leg)?.Srtp ?? SrtpPolicy.Off;

    private static bool Allows(SrtpPolicy policy, CallLeg leg, Trunk? trunk, bool isSecure) =>
        isSecure ? policy != SrtpPolicy.Off && MayCarryKeys(leg, trunk) : policy != SrtpPolicy.Required;

    // A key in a message that anyone can read protects nothing.
    private static bool MayCarryKeys(CallLeg leg, Trunk? trunk) =>
        leg.Flow.Kind == SipTransportKind.Tls || trunk is { SrtpWithoutTls: true };
}
