using CallTracker.Media.Dtls;
using CallTracker.Media.Srtp;

namespace CallTracker.Calls.Engine;

/// <summary>
/// How a leg's media is secured: what its peer was told last, and what is in force. Part of its leg.
/// </summary>
internal struct LegKeys
{
    private SrtpLocal _before;
    private DtlsLocal _dtlsBefore;

    /// <summary>Our keys in SDP; none on a plain leg, and on one with DTLS.</summary>
    public SrtpLocal Now;

    /// <summary>Our part in DTLS-SRTP; none on other legs.</summary>
    public DtlsLocal Dtls;

    public readonly bool IsSecure => !Now.IsNone || !Dtls.IsNone;

    /// <summary>Offer and answer are complete: they are in force.</summary>
    public void Settle() => (_before, _dtlsBefore) = (Now, Dtls);

    /// <summary>The offer was refused: what was before is in force (RFC 3264 section 8).</summary>
    public void Revert() => (Now, Dtls) = (_before, _dtlsBefore);

    public void Clear() => this = default;
}
