using System.Globalization;
using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Measure;

/// <summary>
/// Looks every second at the kernel's receive queues of several parties (/proc/net/udp), on a thread of its own:
/// who reads late has a long queue, who does not read in time loses datagrams. Started when made; ended once.
/// </summary>
internal sealed class UdpWatch : IDisposable
{
    // The kernel walks all sockets for each look: with a node's 8,500, ten a second took 40 % of a core.
    private const int IntervalMs = 1000;
    private readonly (string Party, string PortHex)[] _parties;
    private readonly long[] _peaks;
    // By socket, because a party's sockets come and go; how many it had lost when it was first seen, and last.
    private readonly Dictionary<string, (int Party, long First, long Last)> _drops = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    public UdpWatch(IEnumerable<(string Party, IpEndpoint At)> parties)
    {
        _parties = [.. parties.Select(p => (p.Party, p.At.Port.ToString("X4", CultureInfo.InvariantCulture)))];
        _peaks = new long[_parties.Length];
        _thread = new Thread(Run) { Name = "UDP watch", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends it; what it saw, party by party.</summary>
    public UdpQueue[] End()
    {
        _end.Set();
        _thread.Join();
        return [.. _parties.Select((party, i) => new UdpQueue(party.Party, _peaks[i], DropsOf(i)))];
    }

    public void Dispose()
    {
        End();
        _end.Dispose();
    }

    private void Run()
    {
        Look(isFirst: true);
        while (!_end.Wait(IntervalMs)) Look(isFirst: false);
    }

    private long DropsOf(int party) => _drops.Values.Where(d => d.Party == party).Sum(d => d.Last - d.First);

    private void Look(bool isFirst)
    {
        Span<long> queued = stackalloc long[_parties.Length];
        foreach (var line in File.ReadLines("/proc/net/udp").Skip(1))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var port = cells[1][(cells[1].IndexOf(':', StringComparison.Ordinal) + 1)..];
            var party = Array.FindIndex(_parties, p => p.PortHex == port);
            if (party < 0) continue;
            queued[party] += Hex(cells[4].Split(':')[1]);
            var (inode, drops) = (cells[9], long.Parse(cells[^1], CultureInfo.InvariantCulture));
            // A socket that appears while it is watched had lost nothing before.
            var first = _drops.TryGetValue(inode, out var known) ? known.First : isFirst ? drops : 0;
            _drops[inode] = (party, first, drops);
        }
        for (var i = 0; i < _peaks.Length; i++) _peaks[i] = Math.Max(_peaks[i], queued[i]);
    }

    private static long Hex(string text) =>
        long.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
