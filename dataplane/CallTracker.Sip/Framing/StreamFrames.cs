namespace CallTracker.Sip.Framing;

/// <summary>What follows from a <see cref="StreamFrame"/>. Stateless.</summary>
public static class StreamFrames
{
    /// <summary>True when nothing behind this can be cut into messages any more: answer if possible, then close.
    /// </summary>
    public static bool IsLost(this StreamFrame frame) => frame >= StreamFrame.Garbage;
}
