using System.Diagnostics;

namespace CallTracker.Core.Time;

/// <summary>
/// The machine's clocks: CLOCK_MONOTONIC and CLOCK_REALTIME. Any thread. The only place of the data plane that reads
/// them.
/// </summary>
public sealed class SystemClock : IClock
{
    public long NowMs => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    public long NowUs => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

#pragma warning disable RS0030 // This class is the injected clock.
    public long UnixMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
#pragma warning restore RS0030
}
