using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Support;

/// <summary>A clock that stands where the test puts it; nobody takes its values for the machine's.</summary>
internal sealed class FixedClock : IClock
{
    public long NowMs { get; set; } = 7_777;

    public long UnixMs { get; set; } = 1_234_567;
}
