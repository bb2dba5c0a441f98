using System.Buffers.Binary;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Players;

/// <summary>
/// Receives all that is played, on one socket, and measures by the kernel's receive timestamps how far the time between
/// two packets of a leg is from 20 ms, and how many leave in the same millisecond. A leg is told by the port it comes
/// from. Owned by the scenario's thread.
/// </summary>
internal sealed class SpacingMeter : IDisposable
{
    private const int PacketNs = 20_000_000;
    private const int ReceiveBufferBytes = 64 << 20;
    private const int DeviationUsMax = 1_000_000;
    private readonly int _socket;
    private readonly DatagramReceiver _receiver;
    private readonly DatagramPool _pool = new(64, 512);
    private readonly Datagram[] _batch = new Datagram[DatagramReceiver.BatchMax];
    private readonly Epoll _epoll = new();
    private readonly Core.Linux.EpollEvent[] _events = new Core.Linux.EpollEvent[1];
    private readonly SystemClock _clock = new();
    private readonly Leg[] _legs = new Leg[65_536];
    private readonly long[] _deviations = new long[DeviationUsMax + 1];

    public SpacingMeter(int port)
    {
        _socket = UdpSocket.Open(IpEndpoint.From(System.Net.IPAddress.Any, port), ReceiveBufferBytes, reusePort: false);
        if (_socket < 0) throw new LoadTestException($"port {port} cannot be bound: errno {-_socket}");
        _receiver = new DatagramReceiver(_socket, _pool);
        _epoll.Add(_socket, 0);
    }

    public long Packets { get; private set; }

    /// <summary>Pairs of neighbours that were measured.</summary>
    public long Measured { get; private set; }

    /// <summary>Sequence numbers that were passed over or came twice.</summary>
    public long OutOfOrder { get; private set; }

    public int Legs { get; private set; }

    public uint KernelDrops => _receiver.KernelDrops;

    /// <summary>Receives until a time.</summary>
    public void Run(int ms)
    {
        var endMs = _clock.NowMs + ms;
        while (_clock.NowMs < endMs)
        {
            if (_epoll.Wait(_events, 50) == 0) continue;
            for (int count; (count = _receiver.Receive(_batch, _clock)) > 0;)
            {
                for (var i = 0; i < count; i++) Take(_batch[i]);
            }
        }
    }

    /// <summary>The deviation from 20 ms below which that share of the measured pairs lies, in microseconds.</summary>
    public int Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(Measured * share);
        long seen = 0;
        for (var us = 0; us <= DeviationUsMax; us++)
        {
            seen += _deviations[us];
            if (seen >= wanted) return us;
        }
        return DeviationUsMax;
    }

    public void Dispose()
    {
        _receiver.Dispose();
        UdpSocket.Close(_socket);
        _epoll.Dispose();
    }

    private void Take(Datagram datagram)
    {
        ref var leg = ref _legs[datagram.Source.Port];
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(datagram.Bytes[2..]);
        if (leg.AtNs == 0) Legs++;
        else if (sequence == (ushort)(leg.Sequence + 1)) Measure(datagram.KernelNs - leg.AtNs);
        else OutOfOrder++;
        (leg.AtNs, leg.Sequence) = (datagram.KernelNs, sequence);
        Packets++;
        _pool.Return(datagram);
    }

    private void Measure(long spacingNs)
    {
        _deviations[(int)Math.Min(DeviationUsMax, Math.Abs(spacingNs - PacketNs) / 1000)]++;
        Measured++;
    }

    private struct Leg
    {
        public long AtNs;
        public ushort Sequence;
    }
}
