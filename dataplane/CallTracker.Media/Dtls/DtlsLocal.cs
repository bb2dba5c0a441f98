using CallTracker.Media.Ice;

namespace CallTracker.Media.Dtls;

/// <summary>
/// What our SDP says to a peer of handshake and ICE, beside our certificate, which is the node's. A plain value, kept
/// by the leg; all zero for a leg without DTLS.
/// </summary>
public struct DtlsLocal
{
    /// <summary>None on a leg without DTLS.</summary>
    public DtlsSetup Setup { get; private set; }

    public readonly bool IsNone => Setup == DtlsSetup.None;

    /// <summary>None where the peer's offer had no ICE.</summary>
    public IceCredentials Ice { get; private set; }

    /// <summary>The profile is SAVPF, not SAVP (RFC 5764 section 8).</summary>
    public bool HasFeedback { get; private set; }

    /// <summary>The stream's a=mid (RFC 5888).</summary>
    public MediaId Id { get; private set; }

    /// <summary>The stream is in a group BUNDLE, alone (RFC 9143).</summary>
    public bool IsBundled { get; private set; }

    /// <summary>What streams the peer's SDP has, ours among them.</summary>
    public StreamLayout Streams { get; private set; }

    /// <summary>
    /// The other streams on this leg are its own affair: we refuse them ourselves, and the other leg does not hear of
    /// them. Not so where the other leg's offer has others: then the peer of this leg refuses them.
    /// </summary>
    public readonly bool HasOwnStreams => !IsNone && (Setup != DtlsSetup.ActPass || Streams.Count > 1);

    /// <summary>An offer: what a browser wants, who begins being left to it.</summary>
    public static DtlsLocal Offer() => new()
    {
        Setup = DtlsSetup.ActPass,
        Ice = IceCredentials.Make(),
        HasFeedback = true,
        Id = MediaId.Of("0"u8),
        IsBundled = true,
        Streams = StreamLayout.Single,
    };

    /// <summary>
    /// The answer to an offer. Where both sides have agreed before and the peer's certificate is the same, the
    /// association goes on (RFC 8842 section 5.3): so do the parts in it; an ICE restart gets other credentials.
    /// </summary>
    /// <param name="offer">What the peer offers.</param>
    /// <param name="form">How its SDP has it.</param>
    /// <param name="before">What it offered before; default at first.</param>
    /// <param name="ours">What we answered then.</param>
    public static DtlsLocal Answer(
        in DtlsRemote offer, in DtlsForm form, in DtlsRemote before, in DtlsLocal ours)
    {
        var goesOn = !ours.IsNone && ours.Setup != DtlsSetup.ActPass && before.Fingerprint == offer.Fingerprint;
        var isFree = offer.Setup == DtlsSetup.ActPass;
        // To wait is better where we may choose: the browser knows best when its way to us is open.
        var setup = offer.Setup == DtlsSetup.Passive ? DtlsSetup.Active : DtlsSetup.Passive;
        var keepsIce = offer.HasIce && !ours.Ice.IsNone && before.IceHash == offer.IceHash;
        return new DtlsLocal
        {
            Setup = goesOn && isFree ? ours.Setup : setup,
            Ice = !offer.HasIce ? default : keepsIce ? ours.Ice : IceCredentials.Make(),
            HasFeedback = form.HasFeedback,
            Id = form.Id,
            IsBundled = form.IsBundled,
            Streams = form.Streams,
        };
    }

    /// <summary>The same once more as an offer: the answer says who begins, or that nobody has to.</summary>
    public readonly DtlsLocal AsOffer() => this with { Setup = DtlsSetup.ActPass };

    /// <summary>The same with the part in the handshake that the answer to our offer left us.</summary>
    public readonly DtlsLocal Agreed(DtlsSetup answer) => Setup != DtlsSetup.ActPass
        ? this
        : this with { Setup = answer == DtlsSetup.Passive ? DtlsSetup.Active : DtlsSetup.Passive };
}
