namespace CallTracker.Media.Relay;

/// <summary>
/// One relayed call: two sides, lent a port pair each. A slot of <see cref="MediaSessionTable"/>; the sides stand in
/// the table's other array at twice the slot.
/// </summary>
internal struct MediaSession
{
    /// <summary>The owner's number for the call.</summary>
    public int User;
    /// <summary>Counts how often the slot was used, so that an id of an earlier use is known to be stale.</summary>
    public ushort Generation;
    public bool IsOpen;
    /// <summary>Time-outs count only from the answer on.</summary>
    public bool IsAnswered;
    /// <summary>One of the sides does not both send and listen.</summary>
    public bool IsHeld;
    /// <summary>Carries whatever comes (T.38, DTLS), not RTP alone.</summary>
    public bool IsOpaque;
}
