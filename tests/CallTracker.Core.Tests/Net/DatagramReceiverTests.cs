using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;

namespace CallTracker.Core.Tests.Net;

/// <summary>Batched receiving on real loopback sockets, where delivery is done when the send returns.</summary>
public sealed class DatagramReceiverTests : IDisposable
{
    private const int Capacity = 256;
    private readonly Loopback _receiving = new(receiveBufferBytes: 1 << 20);
    private readonly Loopback _first = new("127.0.0.2");
    private readonly Loopback _second = new("127.0.0.3");
    private readonly FixedClock _clock = new();
    private readonly Datagram[] _batch = new Datagram[DatagramReceiver.BatchMax];

    [Fact]
    public void Receive_SeveralSenders_GivesBytesSourcesAndOrder()
    {
        using var receiver = Receiver(out _);
        for (byte i = 0; i < 20; i++) Sender(i).Send(_receiving.Endpoint, Numbered(i, 10 + i));
        receiver.Receive(_batch, _clock).ShouldBe(20);
        for (byte i = 0; i < 20; i++)
        {
            _batch[i].Bytes.ToArray().ShouldBe(Numbered(i, 10 + i));
            _batch[i].Source.ShouldBe(Sender(i).Endpoint);
            _batch[i].At.NowMs.ShouldBe(_clock.NowMs);
        }
        receiver.Receive(_batch, _clock).ShouldBe(0);
    }

    [Fact]
    public void Receive_MoreThanABatch_ComesInSeveralTurns()
    {
        using var receiver = Receiver(out var pool);
        for (byte i = 0; i < 80; i++) _first.Send(_receiving.Endpoint, Numbered(i, 4));
        var seen = new List<byte>();
        foreach (var expected in (int[])[32, 32, 16, 0])
        {
            var count = receiver.Receive(_batch, _clock);
            count.ShouldBe(expected);
            seen.AddRange(_batch.Take(count).Select(datagram => datagram.Bytes[0]));
            foreach (var datagram in _batch.Take(count)) pool.Return(datagram);
        }
        seen.ShouldBe(Enumerable.Range(0, 80).Select(i => (byte)i));
    }

    [Fact]
    public void Receive_LateWorker_TakesTheKernelsTimeOfArrival()
    {
        using var receiver = Receiver(out _);
        var beforeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _first.Send(_receiving.Endpoint, "x"u8);
        var afterMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        receiver.Receive(_batch, _clock).ShouldBe(1);
        _batch[0].At.UnixMs.ShouldBeInRange(beforeMs - 1, afterMs + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Capacity)]
    public void Receive_LengthWithinTheBuffer_IsExact(int length)
    {
        using var receiver = Receiver(out _);
        _first.Send(_receiving.Endpoint, Numbered(9, length));
        receiver.Receive(_batch, _clock).ShouldBe(1);
        _batch[0].Bytes.ToArray().ShouldBe(Numbered(9, length));
        receiver.Oversized.ShouldBe(0);
    }

    [Fact]
    public void Receive_OversizedAmongOthers_IsDroppedAndCounted()
    {
        using var receiver = Receiver(out var pool);
        _first.Send(_receiving.Endpoint, Numbered(1, 5));
        _first.Send(_receiving.Endpoint, Numbered(2, Capacity + 1));
        _first.Send(_receiving.Endpoint, Numbered(3, 60_000));
        _first.Send(_receiving.Endpoint, Numbered(4, 6));
        receiver.Receive(_batch, _clock).ShouldBe(2);
        (_batch[0].Bytes[0], _batch[1].Bytes[0]).ShouldBe(((byte)1, (byte)4));
        receiver.Oversized.ShouldBe(2);
        pool.Return(_batch[0]);
        pool.Return(_batch[1]);
        receiver.Dispose();
        pool.Available.ShouldBe(pool.Count);
    }

    [Fact]
    public void Receive_PoolEmpty_LeavesTheRestInTheKernelUntilOneComesBack()
    {
        using var receiver = Receiver(out var pool, poolCount: 4);
        for (byte i = 0; i < 10; i++) _first.Send(_receiving.Endpoint, Numbered(i, 4));
        var taken = new List<byte>();
        receiver.Receive(_batch, _clock).ShouldBe(4);
        receiver.Receive(_batch.AsSpan(4), _clock).ShouldBe(0, "all four buffers are lent");
        receiver.IsStarved.ShouldBeTrue();
        for (var turn = 0; turn < 10 && taken.Count < 10; turn++)
        {
            taken.Add(_batch[0].Bytes[0]);
            pool.Return(_batch[0]);
            _batch.AsSpan(1, 3).CopyTo(_batch);
            receiver.Receive(_batch.AsSpan(3), _clock).ShouldBe(turn < 6 ? 1 : 0);
        }
        receiver.IsStarved.ShouldBeFalse();
        taken.ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        receiver.KernelDrops.ShouldBe(0U);
    }

    [Fact]
    public void Receive_OneAtATime_LendsEveryBufferOfThePool()
    {
        using var receiver = Receiver(out _, poolCount: DatagramReceiver.BatchMax);
        for (byte i = 0; i < DatagramReceiver.BatchMax; i++)
        {
            _first.Send(_receiving.Endpoint, Numbered(i, 4));
            receiver.Receive(_batch, _clock).ShouldBe(1, "buffers prepared for later slots are not lent to anybody");
            _batch[0].Bytes.ToArray().ShouldBe(Numbered(i, 4));
        }
        _first.Send(_receiving.Endpoint, Numbered(99, 4));
        receiver.Receive(_batch, _clock).ShouldBe(0);
    }

    [Fact]
    public void Receive_FullSocketBuffer_TellsWhatTheKernelDropped()
    {
        using var small = new Loopback(receiveBufferBytes: 4096);
        using var receiver = new DatagramReceiver(small.Socket, new DatagramPool(256, Capacity));
        const int sent = 400;
        for (var i = 0; i < sent; i++) _first.Send(small.Endpoint, Numbered(1, 200));
        var received = ReceiveAll(receiver);
        // The counter rides on a datagram that was queued after the drops.
        _first.Send(small.Endpoint, Numbered(1, 200));
        received += ReceiveAll(receiver);
        received.ShouldBeLessThan(sent);
        receiver.KernelDrops.ShouldBe((uint)(sent + 1 - received));
    }

    [Fact]
    public void Receive_ClosedSocket_GivesNothing()
    {
        var socket = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F00_0001, 0), 0, reusePort: false);
        using var receiver = new DatagramReceiver(socket, new DatagramPool(64, Capacity));
        UdpSocket.Close(socket);
        receiver.Receive(_batch, _clock).ShouldBe(0);
    }

    public void Dispose()
    {
        _receiving.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private static byte[] Numbered(byte number, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(number + (i * 7));
        return bytes;
    }

    private int ReceiveAll(DatagramReceiver receiver)
    {
        var total = 0;
        while (receiver.Receive(_batch, _clock) is var count and > 0)
        {
            total += count;
            foreach (var datagram in _batch.Take(count)) datagram.Owner.Return(datagram);
        }
        return total;
    }

    private Loopback Sender(int number) => number % 2 == 0 ? _first : _second;

    private DatagramReceiver Receiver(out DatagramPool pool, int poolCount = 128)
    {
        pool = new DatagramPool(poolCount, Capacity);
        return new DatagramReceiver(_receiving.Socket, pool);
    }
}
