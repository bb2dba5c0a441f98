namespace CallTracker.Media.Jitter;

/// <summary>What became of a packet that was put into a <see cref="JitterBuffer"/>.</summary>
public enum JitterPut
{
    Kept,
    /// <summary>Kept, as the first of another stream: another SSRC, or a jump of the sequence. What waited is
    /// gone.</summary>
    Restarted,
    /// <summary>Its turn is past; it was told as lost.</summary>
    Late,
    Duplicate,
    TooLong,
}
