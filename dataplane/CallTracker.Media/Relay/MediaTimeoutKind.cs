namespace CallTracker.Media.Relay;

/// <summary>Which media time-out ran off.</summary>
public enum MediaTimeoutKind
{
    /// <summary>Nothing came from the side since the call was answered or the side was last set to send.</summary>
    FirstPacket,
    /// <summary>The side sent before, and then stopped.</summary>
    Silence,
}
