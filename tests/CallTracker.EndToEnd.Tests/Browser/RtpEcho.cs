using System.Net;
using System.Net.Sockets;
using CallTracker.EndToEnd.Tests.Recording;

namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>A shop's ear and mouth: says what it hears (A-law), and keeps it. Owned by one test.</summary>
internal sealed class RtpEcho : IAsyncDisposable
{
    private const int ALaw = 8;
    private static readonly short[] Samples = MakeSamples();
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<short> _sound = [];
    private readonly Task _loop;

    public RtpEcho() => _loop = Task.Run(EchoAsync);

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>What it heard so far, in the order it came.</summary>
    public IReadOnlyList<short> Sound
    {
        get
        {
            lock (_sound) return [.. _sound];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
            {
                var packet = await _socket.ReceiveAsync(_stopping.Token);
                await _socket.SendAsync(packet.Buffer, packet.RemoteEndPoint, _stopping.Token);
                if (packet.Buffer.Length <= 12 || (packet.Buffer[1] & 0x7f) != ALaw) continue;
                lock (_sound)
                {
                    foreach (var code in packet.Buffer.AsSpan(12)) _sound.Add(Samples[code]);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    // The encoder of the recommendation, the other way round: the middle of what becomes each code.
    private static short[] MakeSamples()
    {
        var (sums, counts) = (new long[256], new int[256]);
        for (var sample = short.MinValue; sample < short.MaxValue; sample++)
        {
            var code = ToneCodec.ToALaw(sample);
            sums[code] += sample;
            counts[code]++;
        }
        var middles = new short[256];
        for (var code = 0; code < 256; code++)
            middles[code] = (short)(counts[code] == 0 ? 0 : sums[code] / counts[code]);
        return middles;
    }
}
