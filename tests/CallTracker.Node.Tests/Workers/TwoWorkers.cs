using System.Net;
using System.Text;
using CallTracker.Calls;
using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace CallTracker.Node.Tests.Workers;

/// <summary>
/// Two real workers on real sockets of one port, with routes and journals by hand; the first with its RTP ports on an
/// io_uring where it is allowed, the second on epoll.
/// </summary>
internal sealed class TwoWorkers : IDisposable
{
    private readonly Worker[] _workers = new Worker[2];
    private readonly Thread[] _threads = new Thread[2];
    private readonly CountingJournal[] _journals = [new(), new()];
    private readonly SystemClock _clock = new();
    // Off by default: a machine that runs tests is busy, and each of these calls is to be taken.
    private readonly int _overloadTargetMs;
    private readonly int _signallingMsMax;
    private readonly Mailbox[] _mailboxes = [new(), new()];
    // Shares of the ports above 60,000 in turn; one node runs at a time.
    private const int FirstPort = 60_000;
    private const int PortShare = 200;
    private const int ShareCount = 26;
    private static int _shares;

    private readonly NodeAccess _access = new() { WorkerCount = 2 };

    public TwoWorkers(
        IpEndpoint carrier, IpEndpoint shop, SipTransportKind shopTransport = SipTransportKind.Udp,
        int overloadTargetMs = 0, int signallingMsMax = 2, CallSpread? spread = null,
        params Trunk[] others)
    {
        Spread = spread ?? new CallSpread(2, gathers: false);
        _overloadTargetMs = overloadTargetMs;
        _signallingMsMax = signallingMsMax;
        PhoneNumber.TryPack("0312345678"u8, out var target);
        var trunks = new TrunkTable(
            [MakeTrunk("carrier", carrier, true), MakeTrunk("shop", shop, false, shopTransport), .. others]);
        Streams = new StreamHub(
            new StreamSettings(), _clock, () => trunks, _access, new StreamInbox(_mailboxes, Spread),
            new StreamTls(new TlsSettings(), _clock, NullLogger.Instance), []);
        Tcp = Streams.Listen(new IPEndPoint(IPAddress.Loopback, 0), SipTransportKind.Tcp);
        Streams.Start();
        var routes = new OneNumberRoutes(trunks, target);
        Address = At(0);
        for (var i = 0; i < 2; i++) _workers[i] = Make(i, routes);
        for (var i = 0; i < 2; i++)
        {
            var number = i;
            _threads[i] = new Thread(() => _workers[number].Run(_workers)) { IsBackground = true };
            _threads[i].Start();
        }
    }

    public IpEndpoint Address { get; private set; }

    /// <summary>By default all workers share from the first call on.</summary>
    public CallSpread Spread { get; }

    public StreamHub Streams { get; }

    /// <summary>Where TCP callers connect.</summary>
    public IPEndPoint Tcp { get; }

    public int[] ActiveCalls => [.. _workers.Select(w => w.Engine.ActiveCalls)];

    /// <summary>Trunks each worker registers with.</summary>
    public int[] Registrations => [.. _workers.Select(w => w.Engine.Registrations.Length)];

    public void Unregister()
    {
        foreach (var worker in _workers) worker.Mailbox.TryPost(new WorkerMessage(WorkerMessageKind.Unregister));
    }

    public int Ended => _journals.Sum(j => j.Ended);

    public long HandedOver => _workers.Sum(w => w.HandedOver);

    public Worker[] All => _workers;

    public CallEngine Engine(int number) => _workers[number].Engine;

    public bool AreBuffersWhole => _workers.All(w => w.Receiver.Oversized == 0);

    /// <summary>Ends the workers' threads; the workers stay.</summary>
    public void StopLoops()
    {
        foreach (var worker in _workers) worker.Mailbox.TryPost(new WorkerMessage(WorkerMessageKind.Stop));
        foreach (var thread in _threads) thread.Join();
    }

    public void Dispose()
    {
        StopLoops();
        Streams.Dispose();
        foreach (var worker in _workers) worker.Dispose();
    }

    public static IpEndpoint At(int port) => IpEndpoint.From(IPAddress.Loopback, port);

    private static Trunk MakeTrunk(
        string id, IpEndpoint address, bool admits, SipTransportKind transport = default)
    {
        return new Trunk
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = admits ? [] : [default],
            InboundFrom = admits ? [new InboundSource(address, 128)] : [],
            Transport = transport,
        };
    }

    private Worker Make(int number, IRouteSource routes)
    {
        var epoll = new Epoll();
        var descriptor = UdpSocket.Open(Address, 1 << 20, reusePort: true);
        Address = UdpSocket.LocalEndpoint(descriptor);
        var datagrams = new DatagramPool(256, 8192);
        var mailbox = _mailboxes[number];
        var sender = new UdpSender(descriptor);
        epoll.Add(descriptor, (ulong)PollKind.Sip << 56);
        epoll.Add(mailbox.Descriptor, (ulong)PollKind.WakeUp << 56);
        DatagramRing? ring = null;
        if (number == 0 && Rings.Missing is null && MediaRing.TryOpen(epoll, 100, out ring) < 0)
            throw new InvalidOperationException("No io_uring for the test.");
        var first = FirstPort + (Interlocked.Increment(ref _shares) % ShareCount * PortShare);
        var ports = new RtpPortPool(At(0), (ushort)first, PortShare, epoll, ring: ring);
        if (ports.Open() != RtpPortPoolResult.Ok) throw new InvalidOperationException("No media ports for the test.");
        return new Worker(new WorkerParts
        {
            Number = (byte)number,
            Spread = Spread,
            Clock = _clock,
            Epoll = epoll,
            Ring = ring,
            Datagrams = datagrams,
            Receiver = new DatagramReceiver(descriptor, datagrams),
            Sender = sender,
            Mailbox = mailbox,
            SignallingMsMax = _signallingMsMax,
            Engine = new CallEngineParts
            {
                Worker = (byte)number,
                NodeStart = 1,
                Seed = (ulong)number + 77,
                Settings = new CallSettings
                {
                    SipAddress = Address,
                    MediaAddress = At(0),
                    CallsMax = 100,
                    OverloadTargetMs = _overloadTargetMs,
                },
                Transactions = new TransactionSettings(),
                Routes = routes,
                Journal = _journals[number],
                Sender = new FlowSender(sender, Streams, number),
                Media = new MediaRelay(ports, new MediaSettings()),
                Access = _access,
            },
        });
    }

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
