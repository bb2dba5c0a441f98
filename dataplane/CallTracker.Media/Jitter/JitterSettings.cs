namespace CallTracker.Media.Jitter;

/// <summary>How long and how much a <see cref="JitterBuffer"/> keeps. Immutable.</summary>
public sealed class JitterSettings
{
    /// <summary>How long the first packet waits, and the least that any does.</summary>
    public int DelayMsMin { get; init; } = 40;

    /// <summary>The most that the delay grows to; the same as the least for a fixed delay.</summary>
    public int DelayMsMax { get; init; } = 200;

    /// <summary>Packets that wait at most; a power of two.</summary>
    public int PacketsMax { get; init; } = 64;

    /// <summary>The longest payload that is taken: 60 ms of G.711 or 20 ms of L16 at 16 kHz fit.</summary>
    public int PayloadBytesMax { get; init; } = 640;
}
