namespace CallTracker.Media.Playback;

/// <summary>What is to be played to a side.</summary>
/// <param name="List">The prompts.</param>
/// <param name="Format">How the side is played to.</param>
/// <param name="Use">What for.</param>
public readonly record struct PlayRequest(PlayList List, PlayFormat Format, PlayUse Use)
{
    /// <summary>Silence before it begins, in milliseconds.</summary>
    public int DelayMs { get; init; }

    /// <summary>Where in the first prompt it begins, in milliseconds; frames of 20 ms are not cut.</summary>
    public int StartMs { get; init; }

    /// <summary>Of ringback: nothing is played when the other side was heard since this time.</summary>
    public long SilentSinceMs { get; init; }
}
