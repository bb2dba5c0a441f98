using System.Security.Cryptography;
using CallTracker.Backends.Journal;
using CallTracker.Calls;
using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Dtls;
using CallTracker.Media.FastPath;
using CallTracker.Media.Playback;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;
using CallTracker.Node.Options;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Makes the workers: sockets, pools and port shares are all taken here, at start, or the node does not come up.
/// </summary>
internal sealed class WorkerFactory(
    NodeOptions options, IClock clock, JournalSet journals, StreamHub streams, IStirService stir, NodeAccess access,
    FastPathProgram? fastPath, ICallQuality quality, PromptStore prompts, RingStart rings, CallSpread spread)
{
    // A SIP datagram fits in a fragmented UDP datagram of any sane trunk; longer ones are dropped and counted.
    private const int DatagramBytesMax = 16_384;
    private const int SipReceiveBufferBytes = 8 << 20;
    // One receive batch, and what other workers' mailboxes may hold of ours at a burst.
    private const int DatagramCount = 2048;
    private readonly List<TraceRing> _rings = [];
    private readonly uint _nodeStart = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));

    /// <summary>What the ids of this start's calls carry.</summary>
    public uint NodeStart => _nodeStart;

    /// <summary>Who the node is in DTLS handshakes, of all workers; null where there can be none.</summary>
    public DtlsIdentity? Dtls { get; init; }

    /// <summary>The rings of the workers made so far; empty when none are kept.</summary>
    public IReadOnlyList<TraceRing> Rings => _rings;

    /// <summary>
    /// Makes worker <paramref name="number"/>; throws <see cref="OptionException"/> with one clear line.
    /// </summary>
    public Worker Make(int number, Mailbox mailbox, IRouteSource routes)
    {
        var epoll = new Epoll();
        var datagrams = new DatagramPool(DatagramCount, DatagramBytesMax);
        var receiver = OpenReceiver(options.SipEndpoint, datagrams, epoll, PollKind.Sip);
        var second = options.SecondSipEndpoint.IsUnspecified
            ? null
            : OpenReceiver(options.SecondSipEndpoint, datagrams, epoll, PollKind.SecondSip);
        var sender = new UdpSender(receiver.Descriptor, options.SipEndpoint.IsIpv4, second?.Descriptor ?? -1);
        epoll.Add(mailbox.Descriptor, (ulong)PollKind.WakeUp << 56);
        var ports = OpenPorts(number, epoll);
        return new Worker(new WorkerParts
        {
            Number = (byte)number,
            Spread = spread,
            Clock = clock,
            Epoll = epoll,
            Ring = ports.Ring,
            Datagrams = datagrams,
            Receiver = receiver,
            SecondReceiver = second,
            Sender = sender,
            Mailbox = mailbox,
            IsRealTime = options.IsRealTime,
            Engine = MakeEngineParts(number, ports, new FlowSender(sender, streams, number), routes),
        });
    }

    private static DatagramReceiver OpenReceiver(
        in IpEndpoint endpoint, DatagramPool datagrams, Epoll epoll, PollKind kind)
    {
        var descriptor = UdpSocket.Open(endpoint, SipReceiveBufferBytes, reusePort: true);
        if (descriptor < 0)
            throw new OptionException($"The SIP port {endpoint} cannot be bound (errno {-descriptor}).");
        UdpErrorQueue.Enable(descriptor, endpoint.IsIpv4);
        epoll.Add(descriptor, (ulong)kind << 56);
        return new DatagramReceiver(descriptor, datagrams);
    }

    private CallEngineParts MakeEngineParts(
        int number, RtpPortPool ports, FlowSender sender, IRouteSource routes)
    {
        var ring = options.Trace.MakeRing();
        if (ring is not null) _rings.Add(ring);
        var recordings = new RecordingRing(options.Recording.RingBytes);
        return new CallEngineParts
        {
            Worker = (byte)number,
            NodeStart = _nodeStart,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            Settings = new CallSettings
            {
                SipAddress = Advertised(0).WithPort((ushort)options.SipPort),
                MediaAddress = Advertised(0),
                SecondSipAddress = Advertised(1).WithPort((ushort)options.SipPort),
                SecondMediaAddress = Advertised(1),
                SipTlsPort = (ushort)options.Transport.SipTlsPort,
                SessionSecMax = options.SessionSecMax,
                OverloadTargetMs = options.OverloadMs,
                ShowsCorrelationId = options.Trace.ShowsCorrelationId,
                Ringback = options.Ringback,
                StirTimeoutMs = options.StirMsMax,
            },
            Transactions = new TransactionSettings { UdpRequestBytesMax = options.Transport.UdpRequestBytesMax },
            Routes = routes,
            Journal = journals.ForWorker(number),
            Sender = sender,
            Stir = stir,
            Media = new MediaRelay(ports, options.Media, fastPath)
            {
                Recording = { Ring = recordings },
                Dtls = { Identity = Dtls },
            },
            Prompts = prompts,
            Access = access,
            ProbingWorkers = options.Workers,
            Trace = ring,
            Quality = quality,
        };
    }

    private IpEndpoint Advertised(int at) =>
        at < options.Transport.Advertised.Count ? IpEndpoint.From(options.Transport.Advertised[at], 0) : default;

    // The range is dealt out in even shares, so that RTP stays on even ports.
    private RtpPortPool OpenPorts(int number, Epoll epoll)
    {
        var first = (options.RtpPortFirst + 1) & ~1;
        var pairs = (options.RtpPortLast - first + 1) / 2;
        var share = pairs / options.Workers;
        var start = first + (number * share * 2);
        var second = options.SecondSipEndpoint.WithPort(0);
        var ring = rings.Open(epoll, second.IsUnspecified ? share : share * 2);
        var pool = new RtpPortPool(IpEndpoint.From(options.Bind, 0), (ushort)start, share * 2, epoll,
            secondBindAddress: second, ring: ring);
        var result = pool.Open();
        return result == RtpPortPoolResult.Ok
            ? pool
            : throw new OptionException(
                $"No RTP ports from {start} can be bound on {string.Join(',', options.Transport.Binds)} ({result}).");
    }
}
