using CallTracker.Core.Net;
using CallTracker.Media.Relay;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Port pools on a loopback address that nothing else uses.</summary>
internal static class MediaPorts
{
    private const int FirstPort = 42_000;

    public static IpEndpoint Address { get; } = IpEndpoint.FromIpv4(0x7F63_6301, 0);

    public static RtpPortPool Open(Epoll epoll, int pairs)
    {
        var pool = new RtpPortPool(Address, FirstPort, pairs * 2, epoll);
        var opened = pool.Open();
        if (opened == RtpPortPoolResult.Ok && pool.PairCount == pairs) return pool;
        pool.Dispose();
        throw new InvalidOperationException($"No media ports: {opened}.");
    }
}
