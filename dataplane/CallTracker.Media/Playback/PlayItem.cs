namespace CallTracker.Media.Playback;

/// <summary>One prompt of a list and how often it is played.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Times">How often; <see cref="ForEver"/> until it is stopped.</param>
public readonly record struct PlayItem(Prompt Prompt, int Times = 1)
{
    /// <summary>The value of <see cref="Times"/> that has no end.</summary>
    public const int ForEver = 0;
}
