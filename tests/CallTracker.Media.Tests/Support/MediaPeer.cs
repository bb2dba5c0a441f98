using CallTracker.Core.Net;

namespace CallTracker.Media.Tests.Support;

/// <summary>A phone, or a stranger: one UDP socket on a loopback address, used by the test's thread.</summary>
internal sealed class MediaPeer : IDisposable
{
    private readonly int _socket;
    private readonly byte[] _buffer = new byte[4096];

    public MediaPeer(string address, int port = 0)
    {
        _socket = UdpSocket.Open(IpEndpoint.From(System.Net.IPAddress.Parse(address), port), 0, reusePort: false);
        if (_socket < 0) throw new InvalidOperationException($"Cannot bind {address}:{port}: {_socket}.");
        Endpoint = UdpSocket.LocalEndpoint(_socket);
    }

    public IpEndpoint Endpoint { get; }

    public void Send(IpEndpoint to, ReadOnlySpan<byte> datagram) =>
        UdpSocket.SendTo(_socket, datagram, to).ShouldBe(datagram.Length);

    /// <summary>One datagram that is already here.</summary>
    public bool TryReceive(out byte[] datagram, out IpEndpoint source)
    {
        var length = UdpSocket.ReceiveFrom(_socket, _buffer, out source);
        datagram = length >= 0 ? _buffer[..length] : [];
        return length >= 0;
    }

    /// <summary>Sequence numbers of the RTP that is already here.</summary>
    public List<int> ReceiveSequences()
    {
        var sequences = new List<int>();
        while (TryReceive(out var datagram, out _)) sequences.Add((datagram[2] << 8) | datagram[3]);
        return sequences;
    }

    public void Dispose() => UdpSocket.Close(_socket);
}
