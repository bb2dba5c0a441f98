using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>
/// A party's voice: a tone as RTP, A-law, a packet every 20 ms. Counts what it hears. Owned by one test.
/// </summary>
internal sealed class RtpMouth(int hz) : IAsyncDisposable
{
    private const int Samples = 160;
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private Task _hearing = Task.CompletedTask;
    private int _heard;
    private int _missing;

    /// <summary>Where it listens and speaks from: what its SDP names.</summary>
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Packets that came.</summary>
    public int Heard => Volatile.Read(ref _heard);

    /// <summary>Sequence numbers that were left out between two packets.</summary>
    public int Missing => Volatile.Read(ref _missing);

    /// <summary>Speaks to the node's port until the end.</summary>
    public void Speak(int port)
    {
        _loop = Task.Run(() => SpeakAsync(new IPEndPoint(IPAddress.Loopback, port)));
        _hearing = Task.Run(HearAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _hearing;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task SpeakAsync(IPEndPoint node)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var packet = new byte[12 + Samples];
        packet[0] = 0x80;
        packet[1] = 8;
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(8), hz);
        try
        {
            for (var sequence = 1; ; sequence++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(sequence * Samples));
                ToneCodec.ALawTone(hz, sequence * (long)Samples, Samples).CopyTo(packet, 12);
                await _socket.SendAsync(packet, node, _stopping.Token);
                await timer.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over, or the node was killed.
        }
    }

    private async Task HearAsync()
    {
        ushort? last = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var packet = (await _socket.ReceiveAsync(_stopping.Token)).Buffer;
                // Reports come to the next port.
                if (packet.Length < 12 || packet[0] >> 6 != 2) continue;
                var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));
                if (last is { } before) Volatile.Write(ref _missing, _missing + (ushort)(sequence - before - 1));
                last = sequence;
                Volatile.Write(ref _heard, _heard + 1);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The test is over; or the node was killed, and what was sent to it came back as an error.
            }
        }
    }
}
