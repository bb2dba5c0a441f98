using System.Net;
using CallTracker.Core.Net;
using Shouldly;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>One party's RTP: sends when told to, reads nothing. Used by the test's thread.</summary>
internal sealed class MediaPhone : IDisposable
{
    private readonly int _socket = UdpSocket.Open(IpEndpoint.From(IPAddress.Loopback, 0), 0, reusePort: false);
    private ushort _sequence;

    public int Port => UdpSocket.LocalEndpoint(_socket).Port;

    /// <summary>The next packet: RTP version 2, PCMU, one source.</summary>
    public void Send(int port)
    {
        Span<byte> packet = stackalloc byte[172];
        packet.Clear();
        (packet[0], packet[2], packet[3], packet[11]) = (0x80, (byte)(_sequence >> 8), (byte)_sequence, 7);
        (packet[5], packet[6], packet[7]) = ((byte)(_sequence * 160 >> 16), (byte)(_sequence * 160 >> 8),
            (byte)(_sequence * 160));
        _sequence++;
        UdpSocket.SendTo(_socket, packet, Harness.At(port)).ShouldBe(packet.Length);
    }

    public void Dispose() => UdpSocket.Close(_socket);
}
