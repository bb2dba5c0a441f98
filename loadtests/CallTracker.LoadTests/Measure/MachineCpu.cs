using System.Globalization;

namespace CallTracker.LoadTests.Measure;

/// <summary>How busy all cores of the machine were, from /proc/stat. Immutable.</summary>
/// <param name="BusyTicks">All but idle and waiting for disks.</param>
/// <param name="AllTicks">Everything, of all cores.</param>
internal readonly record struct MachineCpu(long BusyTicks, long AllTicks)
{
    private const int Idle = 3;
    private const int IoWait = 4;
    // Guest time is in user time already.
    private const int Counted = 8;

    public static MachineCpu Take()
    {
        using var reader = new StreamReader("/proc/stat");
        var ticks = (reader.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Counted)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var all = ticks.Sum();
        return new MachineCpu(all - ticks[Idle] - ticks[IoWait], all);
    }

    /// <summary>Share of the machine that was busy since an earlier look, 0 to 1.</summary>
    public double BusySince(in MachineCpu earlier) =>
        AllTicks == earlier.AllTicks ? 0 : (double)(BusyTicks - earlier.BusyTicks) / (AllTicks - earlier.AllTicks);
}
