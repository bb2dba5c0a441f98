using System.Net;

namespace CallTracker.Backends.Dns;

/// <summary>Addresses from hosts(5), which come before DNS. Read each time: it is small and rarely asked.</summary>
internal static class HostsFile
{
    private const int LengthMax = 1 << 20;

    /// <summary>The addresses of a name; empty when the file has none.</summary>
    public static IReadOnlyList<IPAddress> Find(string path, string name)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LengthMax }) return [];
            return Find(File.ReadLines(path), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // 127.0.0.1  localhost alias  # comment
    private static List<IPAddress> Find(IEnumerable<string> lines, string name)
    {
        var found = new List<IPAddress>();
        foreach (var line in lines)
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (IPAddress.TryParse(words[0], out var address) && !found.Contains(address)) found.Add(address);
        }
        return found;
    }
}
