namespace CallTracker.Core.Time;

/// <summary>The one source of time; a worker reads it once per turn of its loop.</summary>
public interface IClock
{
    /// <summary>Monotonic milliseconds; the zero is arbitrary.</summary>
    long NowMs { get; }

    /// <summary>The same clock as <see cref="NowMs"/> in microseconds, for waits that end with a millisecond.</summary>
    long NowUs => NowMs * 1000;

    /// <summary>Wall-clock milliseconds since 1970, UTC.</summary>
    long UnixMs { get; }
}
