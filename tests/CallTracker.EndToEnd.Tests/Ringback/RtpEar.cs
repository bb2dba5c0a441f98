using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CallTracker.EndToEnd.Tests.Ringback;

/// <summary>A caller's ear: every RTP packet that reaches a port, with its time. Owned by one test.</summary>
internal sealed class RtpEar : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<RtpHeard> _heard = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Task _loop;

    public RtpEar() => _loop = Task.Run(ListenAsync);

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>What was heard so far, in order.</summary>
    public IReadOnlyList<RtpHeard> Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _loop.Wait();
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var packet = (await _socket.ReceiveAsync(_stopping.Token)).Buffer;
                if (packet.Length < 12 || packet[0] >> 6 != 2) continue;
                var heard = new RtpHeard(
                    _watch.ElapsedMilliseconds, packet[1] & 0x7f, (packet[1] & 0x80) != 0,
                    BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)),
                    BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4)),
                    BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8)), packet[12..]);
                lock (_heard) _heard.Add(heard);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
