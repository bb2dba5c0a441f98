using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Measure;

/// <summary>
/// Looks twice a second at the kernel's receive queues of several parties, on a thread of its own: who reads
/// late has a long queue, who does not read in time loses datagrams. Started when made; ended once.
/// </summary>
internal sealed class UdpWatch : IDisposable
{
    // The kernel walks all sockets for each look, a node's many thousands.
    private const int IntervalMs = 500;
    private readonly (string Party, int Port)[] _parties;
    private readonly long[] _peaks;
    // By socket, because a party's sockets come and go; how many it had lost when it was first seen, and last.
    private readonly Dictionary<uint, (int Party, long First, long Last)> _drops = [];
    private readonly UdpTable _table = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    public UdpWatch(IEnumerable<(string Party, IpEndpoint At)> parties)
    {
        _parties = [.. parties.Select(p => (p.Party, (int)p.At.Port))];
        _peaks = new long[_parties.Length];
        // Where the kernel has no sock_diag, the one who asks is told, not a thread that would end the process.
        Look(isFirst: true);
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
        _table.Dispose();
    }

    private void Run()
    {
        while (!_end.Wait(IntervalMs)) Look(isFirst: false);
    }

    private long DropsOf(int party) => _drops.Values.Where(d => d.Party == party).Sum(d => d.Last - d.First);

    private int PartyAt(int port)
    {
        for (var i = 0; i < _parties.Length; i++)
            if (_parties[i].Port == port) return i;
        return -1;
    }

    private void Look(bool isFirst)
    {
        var queued = new long[_parties.Length];
        _table.Read(socket =>
        {
            if (PartyAt(socket.Port) is not (>= 0 and var party)) return;
            queued[party] += socket.QueuedBytes;
            // A socket that appears while it is watched had lost nothing before.
            var first = _drops.TryGetValue(socket.Inode, out var known) ? known.First : isFirst ? socket.Drops : 0;
            _drops[socket.Inode] = (party, first, socket.Drops);
        });
        for (var i = 0; i < _peaks.Length; i++) _peaks[i] = Math.Max(_peaks[i], queued[i]);
    }
}
