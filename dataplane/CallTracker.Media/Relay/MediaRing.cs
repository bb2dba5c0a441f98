using CallTracker.Core.Net;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Relay;

/// <summary>Makes rings that fit a relay's RTP ports. Stateless.</summary>
public static class MediaRing
{
    /// <summary>Makes the ring for a pool's RTP ports; any thread.</summary>
    /// <param name="epoll">What the pool watches its RTCP ports with.</param>
    /// <param name="pairsMax">Port pairs of the pool, of both IP versions together.</param>
    /// <param name="ring">The ring; null with an error.</param>
    /// <returns>0, or a negated errno.</returns>
    public static int TryOpen(Epoll epoll, int pairsMax, out DatagramRing? ring) => DatagramRing.TryOpen(
        epoll, pairsMax, RtpPath.DatagramBytesMax, SrtpSuites.OverheadMax, out ring);
}
