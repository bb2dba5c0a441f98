using System.Net;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;

namespace CallTracker.Simulation.Tests.World;

/// <summary>
/// What is too dear to make for each seed: the media ports, real sockets that nobody sends to. A lane runs one seed at
/// a time on one thread; each seed must give all ports back.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int FirstPort = 22_400;
    private const int PairCount = 16;
    private const int TightPairCount = 2;
    private static int _nextPort = FirstPort;
    private readonly Epoll _epoll = new();

    public Lane()
    {
        Ports = Open(PairCount);
        TightPorts = Open(TightPairCount);
    }

    public RtpPortPool Ports { get; private set; }

    /// <summary>Enough for one call.</summary>
    public RtpPortPool TightPorts { get; private set; }

    /// <summary>After a seed that failed: what it did not give back is not the next one's fault.</summary>
    public void Renew()
    {
        Ports.Dispose();
        TightPorts.Dispose();
        (Ports, TightPorts) = (Open(PairCount), Open(TightPairCount));
    }

    public void Dispose()
    {
        Ports.Dispose();
        TightPorts.Dispose();
        _epoll.Dispose();
    }

    // Lanes and other tests run side by side: each takes the next free share.
    private RtpPortPool Open(int pairs)
    {
        var address = IpEndpoint.From(IPAddress.Loopback, 0);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var first = Interlocked.Add(ref _nextPort, pairs * 2) - (pairs * 2);
            var pool = new RtpPortPool(address, (ushort)first, pairs * 2, _epoll);
            if (pool.Open() == RtpPortPoolResult.Ok && pool.PairCount == pairs) return pool;
            pool.Dispose();
        }
        throw new InvalidOperationException("No media ports for the simulation.");
    }
}
