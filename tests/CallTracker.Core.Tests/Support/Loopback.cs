using System.Net;
using CallTracker.Core.Net;

namespace CallTracker.Core.Tests.Support;

/// <summary>A UDP socket on a loopback address, closed at the end of the test; the test's thread.</summary>
internal sealed class Loopback : IDisposable
{
    public Loopback(string address = "127.0.0.1", int port = 0, int receiveBufferBytes = 0)
    {
        var local = IpEndpoint.From(IPAddress.Parse(address), port);
        Socket = UdpSocket.Open(local, receiveBufferBytes, reusePort: false);
        if (Socket < 0) throw new InvalidOperationException($"Cannot bind {local}: {Socket}.");
        Endpoint = UdpSocket.LocalEndpoint(Socket);
    }

    public int Socket { get; }

    public IpEndpoint Endpoint { get; }

    public void Send(in IpEndpoint to, ReadOnlySpan<byte> datagram) =>
        UdpSocket.SendTo(Socket, datagram, to).ShouldBe(datagram.Length);

    public void Dispose() => UdpSocket.Close(Socket);
}
