namespace CallTracker.Media.Jitter;

/// <summary>What there is to be played at a moment.</summary>
public enum JitterTake
{
    /// <summary>Nothing yet: nothing waits, or the next one's time has not come (silence that was not sent).</summary>
    Wait,
    Frame,
    /// <summary>One packet did not come, and its time has.</summary>
    Lost,
}
