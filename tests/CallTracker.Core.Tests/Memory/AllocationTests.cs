using CallTracker.Core.Linux;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;
using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Memory;

/// <summary>0 bytes on the paths that every packet and timer takes, after warm-up, exact for this thread.</summary>
public sealed class AllocationTests
{
    private const int Runs = 2000;
    private readonly byte[] _buffer = new byte[512];
    private readonly SystemClock _clock = new();

    [Fact]
    public void Probe_OneSmallObjectARun_CountsEach()
    {
        object? last = null;
        AllocationProbe.Bytes(Runs, () => last = new object()).ShouldBe(24L * Runs, "the control must allocate");
        last.ShouldNotBeNull();
    }

    [Fact]
    public void Probe_EmptyAction_CountsNothing() => AllocationProbe.Bytes(Runs, () => { }).ShouldBe(0);

    [Fact]
    public void UdpSocket_SendAndReceive_AllocateNothing()
    {
        using Loopback a = new(), b = new();
        AllocationProbe.Bytes(Runs, () =>
        {
            UdpSocket.SendTo(a.Socket, _buffer.AsSpan(0, 172), b.Endpoint).ShouldBeEqual(172);
            UdpSocket.ReceiveFrom(b.Socket, _buffer, out var source).ShouldBeEqual(172);
            UdpSocket.Receive(b.Socket, _buffer).ShouldBeEqual(UdpSocket.WouldBlock);
            if (source != a.Endpoint) throw new InvalidOperationException("Another source.");
        }).ShouldBe(0);
    }

    [Fact]
    public void UdpSocket_Refused_AllocatesNothing()
    {
        using var a = new Loopback();
        var gone = new Loopback();
        UdpSocket.Connect(a.Socket, gone.Endpoint);
        gone.Dispose();
        AllocationProbe.Bytes(Runs, () =>
        {
            UdpSocket.Send(a.Socket, _buffer.AsSpan(0, 172));
            UdpSocket.Receive(a.Socket, _buffer).ShouldBeEqual(UdpSocket.Refused);
        }).ShouldBe(0);
    }

    [Fact]
    public void DatagramReceiver_BatchAndReturn_AllocatesNothing()
    {
        using Loopback a = new(), b = new();
        using var receiver = new DatagramReceiver(b.Socket, new DatagramPool(64, 512));
        var batch = new Datagram[DatagramReceiver.BatchMax];
        AllocationProbe.Bytes(Runs, () =>
        {
            for (var i = 0; i < 3; i++) UdpSocket.SendTo(a.Socket, _buffer.AsSpan(0, 172), b.Endpoint);
            var count = receiver.Receive(batch, _clock);
            count.ShouldBeEqual(3);
            for (var i = 0; i < count; i++) batch[i].Owner.Return(batch[i]);
        }).ShouldBe(0);
    }

    [Fact]
    public void Epoll_WaitAndWake_AllocatesNothing()
    {
        using var epoll = new Epoll();
        using var wake = new EventFd();
        var events = new EpollEvent[8];
        epoll.Add(wake.Descriptor, 1);
        AllocationProbe.Bytes(Runs, () =>
        {
            wake.Signal();
            epoll.Wait(events, 0).ShouldBeEqual(1);
            wake.Clear();
        }).ShouldBe(0);
    }

    [Fact]
    public void TimerWheel_ScheduleCancelAndFire_AllocatesNothing()
    {
        var sink = default(CountingSink);
        var wheel = new TimerWheel(0, 64, 64);
        var nowMs = 0L;
        AllocationProbe.Bytes(Runs, () =>
        {
            var cancelled = wheel.Schedule(nowMs, 32_000, 1, 7);
            wheel.Schedule(nowMs, 500, 2, 8);
            wheel.Cancel(ref cancelled);
            nowMs += 504;
            wheel.NextDelayMs(nowMs);
            wheel.Advance(nowMs, ref sink);
        }).ShouldBe(0);
        sink.Count.ShouldBeGreaterThan(Runs);
    }

    [Fact]
    public void Pools_RentAndReturn_AllocateNothing()
    {
        var buffers = new BufferPool(1 << 20);
        var datagrams = new DatagramPool(4, 512);
        AllocationProbe.Bytes(Runs, () =>
        {
            buffers.Return(buffers.TryRent(3000)!);
            datagrams.Return(datagrams.TryRent()!);
        }).ShouldBe(0);
    }

    [Fact]
    public void IpEndpoint_ReadWriteCompareHash_AllocatesNothing()
    {
        AllocationProbe.Bytes(Runs, () =>
        {
            var parsed = IpEndpoint.TryParseAddress("2001:db8::8:800:200c:417a"u8, 5060, out var endpoint);
            parsed &= IpEndpoint.TryParseAddress("192.0.2.1"u8, 5060, out var other);
            endpoint.FormatAddress(_buffer).ShouldBeEqual(25);
            if (!parsed || endpoint == other || endpoint.GetHashCode() == other.GetHashCode())
                throw new InvalidOperationException("Equal.");
        }).ShouldBe(0);
    }

    private struct CountingSink : ITimerSink
    {
        public int Count { get; private set; }

        public void OnTimer(ushort kind, int owner, TimerHandle handle) => Count++;
    }
}
