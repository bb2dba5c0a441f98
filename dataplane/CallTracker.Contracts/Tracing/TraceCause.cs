namespace CallTracker.Contracts.Tracing;

/// <summary>Why the messages of a call were kept. The values are stored and never change.</summary>
public enum TraceCause : byte
{
    None = 0,
    /// <summary>It was not answered, or ended by a fault.</summary>
    Failed = 1,
    /// <summary>Chance chose it.</summary>
    Sampled = 2,
    /// <summary>Somebody asked for its number or its caller.</summary>
    Requested = 3,
}
