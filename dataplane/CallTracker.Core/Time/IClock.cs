namespace CallTracker.Core.Time;

/// <summary>The one source of time; a worker reads it once per turn of its loop.</summary>
public interface IClock
{
    /// <summary>Monotonic milliseconds; the zero is arbitrary.</summary>
    long NowMs { get; }

    /// <summary>Wall-clock milliseconds since 1970, UTC.</summary>
    long UnixMs { get; }
}
