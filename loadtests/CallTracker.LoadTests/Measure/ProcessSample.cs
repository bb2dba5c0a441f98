using System.Globalization;

namespace CallTracker.LoadTests.Measure;

/// <summary>What the kernel says of one process at one moment; all of its threads together.</summary>
/// <param name="CpuUs">User and system time since its start.</param>
/// <param name="RssKb">Resident memory.</param>
/// <param name="PssKb">Resident memory, with shared pages divided among their users.</param>
/// <param name="Descriptors">Open files and sockets.</param>
internal sealed record ProcessSample(double CpuUs, long RssKb, long PssKb, int Descriptors)
{
    /// <summary>User time alone; the rest of <see cref="CpuUs"/> is the kernel's work for it.</summary>
    public double UserUs { get; private init; }

    // USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TickUs = 10_000;

    public static ProcessSample Take(int pid)
    {
        try
        {
            var (userUs, systemUs) = ReadCpuUs(pid);
            return new ProcessSample(userUs + systemUs, ReadKb(pid, "Rss:"), ReadKb(pid, "Pss:"),
                Directory.EnumerateFiles($"/proc/{pid}/fd").Count())
            {
                UserUs = userUs,
            };
        }
        catch (IOException e)
        {
            throw new LoadTestException($"the node (pid {pid}) cannot be measured: {e.Message}");
        }
    }

    // The name in parentheses may hold anything; what follows the last one is plain. utime and stime are the fields 14
    // and 15 of proc(5), the twelfth and thirteenth after the name.
    private static (double User, double System) ReadCpuUs(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (TickUs * Number(fields[11]), TickUs * Number(fields[12]));
    }

    private static long ReadKb(int pid, string field)
    {
        var lines = File.ReadLines($"/proc/{pid}/smaps_rollup");
        var line = lines.First(text => text.StartsWith(field, StringComparison.Ordinal));
        return Number(line[field.Length..].Replace("kB", "", StringComparison.Ordinal));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
