using System.Globalization;

namespace CallTracker.LoadTests.Measure;

/// <summary>
/// Holds one process to a share of one core by a control group, so that on a small machine others can overload it.
/// Needs root. Disposed, the process has the whole machine again.
/// </summary>
internal sealed class CpuShare : IDisposable
{
    // Short periods: with the usual 100 ms a process that used up its share would stand still for most of them, which
    // looks like overload to it. The kernel grants no less than a millisecond at a time.
    private const int PeriodUsMin = 5_000;
    private const int QuotaUsMin = 1_000;
    private readonly string _folder;
    private readonly string _parent;

    public CpuShare(int pid, int percent)
    {
        var isVersion1 = Directory.Exists("/sys/fs/cgroup/cpu");
        _parent = isVersion1 ? "/sys/fs/cgroup/cpu" : "/sys/fs/cgroup";
        _folder = Path.Combine(_parent, $"calltracker-load-{Environment.ProcessId}");
        var periodUs = Math.Max(PeriodUsMin, QuotaUsMin * 100 / percent);
        var quotaUs = periodUs * percent / 100;
        try
        {
            Directory.CreateDirectory(_folder);
            if (isVersion1)
            {
                Write(_folder, "cpu.cfs_period_us", Text(periodUs));
                Write(_folder, "cpu.cfs_quota_us", Text(quotaUs));
            }
            else
            {
                Write(_folder, "cpu.max", $"{quotaUs} {periodUs}");
            }
            Write(_folder, "cgroup.procs", Text(pid));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"no control group for a share of the processor: {e.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            foreach (var pid in File.ReadAllLines(Path.Combine(_folder, "cgroup.procs")))
                Write(_parent, "cgroup.procs", pid);
            Directory.Delete(_folder);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"left behind: {_folder} ({e.Message})");
        }
    }

    private static void Write(string folder, string name, string text) =>
        File.WriteAllText(Path.Combine(folder, name), text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
