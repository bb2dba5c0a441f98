namespace CallTracker.Media.Playback;

/// <summary>
/// One session's ringback: a stream of RTP of our own toward side A (RFC 3550 section 5.1). A slot of
/// <see cref="RingbackPlayer"/>; the worker alone touches it.
/// </summary>
internal struct RingbackState
{
    /// <summary>Place in the player's list of active slots; -1 while nothing is played or waited for.</summary>
    public int ListIndex;
    public byte PayloadType;
    /// <summary>The tone begins at the first step from here on, unless the other side is heard before.</summary>
    public long BeginMs;
    /// <summary>The first step that sounded; -1 while only waited for.</summary>
    public long FirstMs;
    /// <summary>0 until the session's first tone; the same for a second one.</summary>
    public uint Ssrc;
    public ushort Sequence;
    /// <summary>When timestamp 0 of the stream would have been; a second tone goes on counting from it.</summary>
    public long EpochMs;
}
