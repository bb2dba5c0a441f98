using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Node.Options;

namespace CallTracker.Node.Hosting;

/// <summary>Makes the workers' rings at start, or says in one line why there are none. Used by one thread.</summary>
internal sealed class RingStart(NodeOptions options, ILogger logger)
{
    private bool _isTold;
    private bool _isOff = options.Io == IoMode.Epoll;

    /// <summary>Null where RTP comes by the epoll; throws <see cref="OptionException"/> when a ring is required and
    /// cannot be had.</summary>
    /// <param name="epoll">The worker's.</param>
    /// <param name="pairsMax">Its port pairs, of both IP versions together.</param>
    public DatagramRing? Open(Epoll epoll, int pairsMax)
    {
        if (_isOff) return null;
        var result = _isTold ? 0 : RingProbe.Run(IpEndpoint.From(options.Bind, 0));
        DatagramRing? ring = null;
        if (result == 0) result = MediaRing.TryOpen(epoll, pairsMax, out ring);
        if (ring is null) TurnOff(-result);
        else if (!_isTold) NodeLogMessages.RingOn(logger);
        _isTold = true;
        return ring;
    }

    // For the other workers too: one of each would be hard to understand.
    private void TurnOff(int error)
    {
        _isOff = true;
        if (options.Io == IoMode.Uring)
            throw new OptionException($"CALLTRACKER_IO is uring, but io_uring cannot be used (errno {error}).");
        NodeLogMessages.RingOff(logger, error);
    }
}
