namespace CallTracker.Media.Relay;

/// <summary>The two sides of a media session.</summary>
public enum MediaSide
{
    /// <summary>The inbound leg.</summary>
    A,
    /// <summary>The outbound leg.</summary>
    B,
}
