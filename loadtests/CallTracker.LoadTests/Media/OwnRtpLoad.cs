using System.Buffers.Binary;
using System.Diagnostics;
using CallTracker.Core.Net;
using CallTracker.LoadTests.Measure;

namespace CallTracker.LoadTests.Media;

/// <summary>
/// A small packet generator for machines without rtpload: one socket per leg, one thread, paced by the clock. It sends
/// at most 50,000 packets/s, spread evenly, and counts what comes out at the other side of each call.
/// </summary>
internal sealed class OwnRtpLoad : IDisposable
{
    private const int PacketBytes = 172;
    private const int UsualRate = 50;
    private const int WarmUpSec = 2;
    private const int DrainMs = 400;
    private readonly int[] _sockets;
    private readonly IpEndpoint[] _relays;
    private readonly ushort[] _sequences;
    private readonly long[] _received;
    private readonly List<double> _latenciesUs = [];
    private readonly byte[] _packet = new byte[PacketBytes];
    private readonly byte[] _buffer = new byte[2048];
    private readonly int _ratePerStream;
    private long _sent;
    private long _misrouted;
    private bool _isMeasured;

    private OwnRtpLoad(List<string> pairs, int ratePerStream)
    {
        _ratePerStream = ratePerStream;
        _sockets = new int[pairs.Count];
        _relays = new IpEndpoint[pairs.Count];
        _sequences = new ushort[pairs.Count];
        _received = new long[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            var cells = pairs[i].Split(' ');
            _sockets[i] = UdpSocket.Open(Parse(cells[0]), 0, reusePort: false);
            if (_sockets[i] < 0) throw new LoadTestException($"cannot bind {cells[0]}: errno {-_sockets[i]}");
            _relays[i] = Parse(cells[1]);
        }
    }

    public static RtpResult Run(List<string> pairs, int secs, int nodePid) =>
        Run(pairs, UsualRate, nodePid, TimeSpan.FromSeconds(secs), CancellationToken.None);

    /// <summary>Sends at a rate of one's own until it is told to stop.</summary>
    public static RtpResult Run(List<string> pairs, int ratePerStream, int nodePid, CancellationToken end) =>
        Run(pairs, ratePerStream, nodePid, TimeSpan.FromHours(1), end);

    private static RtpResult Run(
        List<string> pairs, int ratePerStream, int nodePid, TimeSpan duration, CancellationToken end)
    {
        using var load = new OwnRtpLoad(pairs, ratePerStream);
        load.Send(TimeSpan.FromSeconds(WarmUpSec), CancellationToken.None);
        load._isMeasured = true;
        var before = ProcessSample.Take(nodePid);
        load.Send(duration, end);
        var after = ProcessSample.Take(nodePid);
        load.Drain();
        var received = load._received.Sum();
        return new RtpResult
        {
            Sent = load._sent,
            Received = received,
            Misrouted = load._misrouted,
            SilentStreams = load._received.Count(count => count == 0),
            LatencyMedianUs = Figures.Median(load._latenciesUs),
            Latency99Us = Figures.Quantile(load._latenciesUs, 0.99),
            RelayUsPerPacket = (after.CpuUs - before.CpuUs) / Math.Max(1, received),
            RelayRssKb = after.RssKb,
        };
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) UdpSocket.Close(socket);
    }

    private void Send(TimeSpan duration, CancellationToken end)
    {
        var watch = Stopwatch.StartNew();
        var perSec = (double)_ratePerStream * _sockets.Length;
        var total = (long)(duration.TotalSeconds * perSec);
        for (long sent = 0; sent < total && !end.IsCancellationRequested;)
        {
            var due = Math.Min(total, 1 + (long)(watch.Elapsed.TotalSeconds * perSec));
            for (; sent < due; sent++) SendOne((int)(sent % _sockets.Length));
            for (var i = 0; i < _sockets.Length; i++) Receive(i);
            Thread.Sleep(1);
        }
    }

    private void SendOne(int stream)
    {
        var sequence = ++_sequences[stream];
        _packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), sequence * 160u);
        BinaryPrimitives.WriteInt32BigEndian(_packet.AsSpan(8), stream + 1);
        BinaryPrimitives.WriteInt64BigEndian(_packet.AsSpan(12), Stopwatch.GetTimestamp());
        BinaryPrimitives.WriteInt32BigEndian(_packet.AsSpan(20), stream);
        _packet[24] = _isMeasured ? (byte)1 : (byte)0;
        if (UdpSocket.SendTo(_sockets[stream], _packet, _relays[stream]) == PacketBytes && _isMeasured) _sent++;
    }

    private void Receive(int stream)
    {
        while (UdpSocket.Receive(_sockets[stream], _buffer) is var length and > 0)
        {
            if (length != PacketBytes || _buffer[24] == 0) continue;
            // Streams 2k and 2k+1 are the two sides of a call.
            if (BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(20)) != (stream ^ 1))
            {
                _misrouted++;
                continue;
            }
            _received[stream]++;
            var sentAt = BinaryPrimitives.ReadInt64BigEndian(_buffer.AsSpan(12));
            _latenciesUs.Add(Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds);
        }
    }

    private void Drain()
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < DrainMs)
        {
            for (var i = 0; i < _sockets.Length; i++) Receive(i);
            Thread.Sleep(5);
        }
    }

    private static IpEndpoint Parse(string text)
    {
        var endpoint = System.Net.IPEndPoint.Parse(text);
        return IpEndpoint.From(endpoint.Address, endpoint.Port);
    }
}
