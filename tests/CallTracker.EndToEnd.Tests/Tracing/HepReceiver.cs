using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Tracing;

/// <summary>A scripted HEP receiver: takes packets and reads their chunks by the published layout.</summary>
internal sealed class HepReceiver : IDisposable
{
    private const int CorrelationChunk = 0x11;
    private const int PayloadChunk = 0x0f;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[65_536];

    public HepReceiver(int port)
    {
        _socket.ReceiveBufferSize = 1 << 20;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _socket.Blocking = false;
    }

    /// <summary>What came since the last time: the correlation id and the first line of each message.</summary>
    public List<(string Correlation, string StartLine)> Take()
    {
        var messages = new List<(string, string)>();
        while (_socket.Poll(0, SelectMode.SelectRead))
        {
            var packet = _buffer.AsSpan(0, _socket.Receive(_buffer));
            packet.StartsWith("HEP3"u8).ShouldBeTrue();
            BinaryPrimitives.ReadUInt16BigEndian(packet[4..]).ShouldBe((ushort)packet.Length);
            messages.Add((Chunk(packet, CorrelationChunk), Chunk(packet, PayloadChunk).Split("\r\n")[0]));
        }
        return messages;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static string Chunk(ReadOnlySpan<byte> packet, int wanted)
    {
        for (var at = 6; at < packet.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 4)..]);
            if (type == wanted) return Encoding.UTF8.GetString(packet.Slice(at + 6, length - 6));
            at += length;
        }
        return "";
    }
}
