namespace CallTracker.Core.Time;

/// <summary>The moment a message was received: for timers and for the record.</summary>
/// <param name="NowMs">Monotonic milliseconds of the worker's clock.</param>
/// <param name="UnixMs">Wall-clock milliseconds since 1970, UTC; from the kernel's receive timestamp where there is
/// one.</param>
public readonly record struct ReceivedAt(long NowMs, long UnixMs);
