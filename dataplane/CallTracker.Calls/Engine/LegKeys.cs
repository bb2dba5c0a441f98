using CallTracker.Media.Srtp;

namespace CallTracker.Calls.Engine;

/// <summary>Our SRTP keys on a leg: those that its peer was told last, and those in force. Part of its leg.</summary>
internal struct LegKeys
{
    private SrtpLocal _before;

    /// <summary>None on a plain leg.</summary>
    public SrtpLocal Now;

    /// <summary>Offer and answer are complete: they are in force.</summary>
    public void Settle() => _before = Now;

    /// <summary>The offer was refused: what was before is in force (RFC 3264 section 8).</summary>
    public void Revert() => Now = _before;

    public void Clear() => (Now, _before) = (default, default);
}
