using CallTracker.Core.Net;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Safety;

/// <summary>
/// An attacker with many sources, that each send a stream of their own and single packets of all kinds to the RTP and
/// RTCP ports of a call.
/// </summary>
internal sealed class Sprayer : IDisposable
{
    private readonly List<MediaPeer> _sources = [];
    private readonly List<bool> _areQuiet = [];

    public int Sent { get; private set; }

    /// <summary>Adds a source at an address, with a port of its own.</summary>
    /// <param name="address">Where.</param>
    /// <param name="isQuiet">It sends its stream alone, as a phone would.</param>
    public void Add(string address, bool isQuiet = false)
    {
        _sources.Add(new MediaPeer(address));
        _areQuiet.Add(isQuiet);
    }

    /// <summary>Two packets from each source to each port.</summary>
    /// <param name="ports">Even RTP ports; RTCP has the next one.</param>
    /// <param name="step">Counts the rounds.</param>
    /// <param name="ssrc">What an attacker might guess.</param>
    public void Spray(ReadOnlySpan<IpEndpoint> ports, int step, uint ssrc)
    {
        for (var i = 0; i < _sources.Count; i++)
        {
            var single = SprayPackets.Make((step + i) % SprayPackets.KindCount, step, ssrc);
            var stream = SprayPackets.OfStream(step, (uint)i);
            foreach (var rtp in ports)
            {
                var rtcp = rtp.WithPort((ushort)(rtp.Port + 1));
                Send(i, rtp, stream);
                if (_areQuiet[i]) continue;
                Send(i, rtp, single);
                Send(i, rtcp, stream);
                Send(i, rtcp, single);
            }
        }
    }

    /// <summary>
    /// A packet that was overheard, from every source: as it was, and with its end changed (a wrong tag).
    /// </summary>
    public void SprayWire(IpEndpoint to, byte[] wire)
    {
        var forged = wire.ToArray();
        forged[^1] ^= 1;
        for (var i = 0; i < _sources.Count; i++)
        {
            Send(i, to, wire);
            Send(i, to, forged);
        }
    }

    private void Send(int source, IpEndpoint to, byte[] datagram)
    {
        _sources[source].Send(to, datagram);
        Sent++;
    }

    /// <summary>Nothing was leaked to any source.</summary>
    public void ShouldHaveReceivedNothing()
    {
        foreach (var source in _sources) source.TryReceive(out _, out _).ShouldBeFalse($"a leak to {source.Endpoint}");
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }
}
