using System.Security.Cryptography;
using CallTracker.Backends.Journal;
using CallTracker.Calls;
using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Memory;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Node.Options;
using CallTracker.Node.Workers;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Makes the workers: sockets, pools and port shares are all taken here, at start, or the node does not come up.
/// </summary>
internal sealed class WorkerFactory(NodeOptions options, IClock clock, JournalSet journals, NodeAccess access)
{
    // A SIP datagram fits in a fragmented UDP datagram of any sane trunk; longer ones are dropped and counted.
    private const int DatagramBytesMax = 16_384;
    private const int SipReceiveBufferBytes = 8 << 20;
    // One receive batch, and what other workers' mailboxes may hold of ours at a burst.
    private const int DatagramCount = 2048;
    private readonly uint _nodeStart = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));

    /// <summary>
    /// Makes worker <paramref name="number"/>; throws <see cref="OptionException"/> with one clear line.
    /// </summary>
    public Worker Make(int number, Mailbox mailbox, IRouteSource routes)
    {
        var epoll = new Epoll();
        var descriptor = UdpSocket.Open(options.SipEndpoint, SipReceiveBufferBytes, reusePort: true);
        if (descriptor < 0)
            throw new OptionException($"The SIP port {options.SipEndpoint} cannot be bound (errno {-descriptor}).");
        var datagrams = new DatagramPool(DatagramCount, DatagramBytesMax);
        var receiver = new DatagramReceiver(descriptor, datagrams);
        var sender = new UdpSender(descriptor);
        epoll.Add(descriptor, (ulong)PollKind.Sip << 56);
        epoll.Add(mailbox.Descriptor, (ulong)PollKind.WakeUp << 56);
        return new Worker(new WorkerParts
        {
            Number = (byte)number,
            WorkerCount = options.Workers,
            Clock = clock,
            Epoll = epoll,
            Datagrams = datagrams,
            Receiver = receiver,
            Sender = sender,
            Mailbox = mailbox,
            Engine = MakeEngineParts(number, epoll, sender, routes),
        });
    }

    private CallEngineParts MakeEngineParts(int number, Epoll epoll, UdpSender sender, IRouteSource routes)
    {
        var ports = OpenPorts(number, epoll);
        return new CallEngineParts
        {
            Worker = (byte)number,
            NodeStart = _nodeStart,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
            Settings = new CallSettings
            {
                SipAddress = IpEndpoint.From(options.Advertise, options.SipPort),
                MediaAddress = IpEndpoint.From(options.Advertise, 0),
            },
            Transactions = new TransactionSettings(),
            Routes = routes,
            Journal = journals.ForWorker(number),
            Sender = sender,
            Media = new MediaRelay(ports, new MediaSettings()),
            Access = access,
        };
    }

    // The range is dealt out in even shares, so that RTP stays on even ports.
    private RtpPortPool OpenPorts(int number, Epoll epoll)
    {
        var first = (options.RtpPortFirst + 1) & ~1;
        var pairs = (options.RtpPortLast - first + 1) / 2;
        var share = pairs / options.Workers;
        var start = first + (number * share * 2);
        var pool = new RtpPortPool(IpEndpoint.From(options.Bind, 0), (ushort)start, share * 2, epoll);
        var result = pool.Open();
        return result == RtpPortPoolResult.Ok
            ? pool
            : throw new OptionException($"No RTP ports from {start} can be bound on {options.Bind} ({result}).");
    }
}
