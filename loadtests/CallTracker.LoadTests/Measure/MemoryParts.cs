using System.Globalization;

namespace CallTracker.LoadTests.Measure;

/// <summary>
/// Where the resident memory (PSS) of a .NET process lies, from /proc/PID/smaps. The collector reserves one range of
/// addresses far larger than the machine and commits parts of it: what is resident there is its heap.
/// </summary>
/// <param name="ManagedKb">The collector's heap, garbage included.</param>
/// <param name="NativeKb">All other memory without a file: pools outside the heap, stacks, compiled methods.</param>
/// <param name="FileKb">Of mapped files: programs and libraries.</param>
internal sealed record MemoryParts(long ManagedKb, long NativeKb, long FileKb)
{
    // The runtime reserves at least twice the machine's memory; nothing else comes near.
    private const ulong ReservedBytesMin = 4UL << 30;

    public static MemoryParts Take(int pid)
    {
        var (managed, native, file) = (0L, 0L, 0L);
        var run = new Run();
        foreach (var line in File.ReadLines($"/proc/{pid}/smaps"))
        {
            if (TryReadRange(line, out var from, out var to, out var isFile))
            {
                // A range that goes on where the last one ended is of the same reservation.
                if (from != run.To) Settle();
                run = run with { From = from == run.To ? run.From : from, To = to, IsFile = isFile };
            }
            else if (line.StartsWith("Pss:", StringComparison.Ordinal))
            {
                var number = line[4..].Replace("kB", "", StringComparison.Ordinal);
                var kb = long.Parse(number, CultureInfo.InvariantCulture);
                if (run.IsFile) file += kb;
                else run = run with { Kb = run.Kb + kb };
            }
        }
        Settle();
        return new MemoryParts(managed, native, file);

        void Settle()
        {
            if (run.To - run.From >= ReservedBytesMin) managed += run.Kb;
            else native += run.Kb;
            run = new Run();
        }
    }

    // 7f4dc0000000-7f4dc0200000 rw-p 00000000 00:00 0 [heap]
    private static bool TryReadRange(string line, out ulong from, out ulong to, out bool isFile)
    {
        (from, to, isFile) = (0, 0, false);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var dash = words[0].IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || words.Length < 5) return false;
        const NumberStyles hex = NumberStyles.AllowHexSpecifier;
        isFile = words.Length > 5 && words[5][0] == '/' && !words[5].StartsWith("/memfd:", StringComparison.Ordinal);
        return ulong.TryParse(words[0].AsSpan(0, dash), hex, CultureInfo.InvariantCulture, out from)
            && ulong.TryParse(words[0].AsSpan(dash + 1), hex, CultureInfo.InvariantCulture, out to);
    }

    // Neighbouring ranges of addresses.
    private readonly record struct Run(ulong From, ulong To, bool IsFile, long Kb);
}
