using System.Diagnostics;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.TestKit;

namespace CallTracker.Core.Tests.Support;

/// <summary>A ring over some loopback sockets, and what it told; the test's thread.</summary>
internal sealed unsafe class RingRig : IDisposable
{
    public const int DatagramBytesMax = 200;
    private const int DeadlineMs = 5000;
    private readonly Loopback[] _sockets;
    private bool _areClosed;

    public RingRig(int sockets, string address = "127.0.0.1", bool registers = true)
    {
        Assert.SkipUnless(Rings.Missing is null, Rings.Missing ?? "");
        DatagramRing.TryOpen(Epoll, sockets, DatagramBytesMax, 16, out var ring).ShouldBe(0);
        Ring = ring!;
        Ring.RegistersSockets = registers;
        _sockets = Enumerable.Range(0, sockets).Select(_ => new Loopback(address)).ToArray();
        for (var i = 0; i < sockets; i++) Ring.Watch(i, _sockets[i].Socket);
        Ring.Start().ShouldBe(0);
    }

    public Epoll Epoll { get; } = new();

    public DatagramRing Ring { get; }

    /// <summary>Each datagram as "number source text".</summary>
    public List<string> Told { get; } = [];

    public List<int> Lengths { get; } = [];

    public List<(int Number, byte First)> Received { get; } = [];

    /// <summary>Failed sends: number, error, what became of the second try.</summary>
    public List<(int Number, int Error, int Resent)> Failures { get; } = [];

    /// <summary>The socket by which everything is sent on; -1: none.</summary>
    public int SendOnBy { get; set; } = -1;

    public long Relayed { get; private set; }

    public int Socket(int number) => _sockets[number].Socket;

    public IpEndpoint Endpoint(int number) => _sockets[number].Endpoint;

    /// <summary>Turns until so many came, datagrams and errors together; with 0 one turn that finds nothing.</summary>
    public void Take(int count)
    {
        var watch = Stopwatch.StartNew();
        var goal = Lengths.Count + count;
        do
        {
            Ring.Wait(count == 0 ? 0 : 10_000);
            TakeWaiting();
            EndBatch();
            if (watch.ElapsedMilliseconds > DeadlineMs) throw new InvalidOperationException("They never came.");
        }
        while (Lengths.Count < goal);
        Lengths.Count.ShouldBe(goal);
    }

    /// <summary>A turn whose batch stays open.</summary>
    public void TakeWithoutEnd()
    {
        Ring.Wait(10_000);
        TakeWaiting();
    }

    /// <summary>What waits, without a look for more.</summary>
    public void TakeWaiting()
    {
        while (Ring.TryTake(out var datagram))
        {
            if (datagram.IsFailedSend) Failures.Add((datagram.Number, datagram.Length, datagram.Resent));
            else Keep(datagram);
        }
    }

    public void EndBatch()
    {
        while (!Ring.TryEndBatch()) TakeWaiting();
    }

    /// <summary>One datagram from socket 0 on by socket 1, without anything that allocates.</summary>
    public void RelayOne()
    {
        var isDone = false;
        while (!isDone)
        {
            Ring.Wait(10_000);
            while (Ring.TryTake(out var datagram))
            {
                isDone = Ring.TryQueue(1, new ReadOnlySpan<byte>(datagram.Start, datagram.Length));
            }
            _ = Ring.TryEndBatch();
        }
        Relayed++;
    }

    public void CloseSockets()
    {
        if (_areClosed) return;
        _areClosed = true;
        foreach (var socket in _sockets) socket.Dispose();
    }

    public void Dispose()
    {
        Ring.Dispose();
        CloseSockets();
        Epoll.Dispose();
    }

    private void Keep(in RingDatagram datagram)
    {
        Lengths.Add(datagram.Length);
        if (datagram.Length is < 0 or > DatagramBytesMax) return;
        var bytes = new ReadOnlySpan<byte>(datagram.Start, datagram.Length);
        Told.Add($"{datagram.Number} {datagram.Source} {Encoding.ASCII.GetString(bytes)}");
        Received.Add((datagram.Number, bytes.IsEmpty ? (byte)0 : bytes[0]));
        if (SendOnBy >= 0) Ring.TryQueue(SendOnBy, bytes).ShouldBeTrue();
    }
}
