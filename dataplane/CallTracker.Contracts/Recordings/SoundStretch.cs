namespace CallTracker.Contracts.Recordings;

/// <summary>A second of a recording, as it was read.</summary>
/// <param name="Ms">Milliseconds of it; fewer than 1,000 in the last.</param>
/// <param name="IsSilent">It holds no samples.</param>
public readonly record struct SoundStretch(int Ms, bool IsSilent);
