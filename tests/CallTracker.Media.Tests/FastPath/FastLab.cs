using System.Diagnostics;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>
/// Two phones and a relay, each in a network namespace of its own, joined by virtual cables; the relay has the kernel's
/// fast path. Belongs to the thread it is made on, which must be in the relay's namespace.
/// </summary>
internal sealed class FastLab : IDisposable
{
    public const int FirstPort = 30_000;
    public const int Pairs = 8;
    private const int DeadlineMs = 5000;
    private static int s_labs;
    private readonly Epoll _epoll = new();
    private readonly EpollEvent[] _ready = new EpollEvent[64];
    private readonly SystemClock _clock = new();
    private readonly string _name;
    private RecordedEvents _events;
    private long _aheadMs;

    private FastLab(string name)
    {
        _name = name;
        Path = FastPathProgram.TryOpen(Settings(), out var reason).ShouldNotBeNull(reason);
        Ports = new RtpPortPool(Address(4), FirstPort, Pairs * 2, _epoll, secondBindAddress: Address(6));
        Ports.Open().ShouldBe(RtpPortPoolResult.Ok);
        Relay = new MediaRelay(Ports, new MediaSettings(), Path);
        _events = new RecordedEvents(Told);
    }

    public FastPathProgram Path { get; }

    public RtpPortPool Ports { get; }

    public MediaRelay Relay { get; }

    public FastPathCounters Fast => Relay.FastPath!;

    public List<string> Told { get; } = [];

    public long NowMs => _clock.NowMs + _aheadMs;

    /// <summary>Builds it all, runs the test in the relay's namespace, takes it all down.</summary>
    public static void Run(Action<FastLab> test)
    {
        Assert.SkipUnless(NetNamespace.Missing is null, NetNamespace.Missing ?? "");
        var name = $"ct{Environment.ProcessId}-{Interlocked.Increment(ref s_labs)}";
        try
        {
            Build(name);
            NetNamespace.Run(name + "r", () =>
            {
                using var lab = new FastLab(name);
                test(lab);
            });
        }
        finally
        {
            NetNamespace.Ip($"netns del {name}a\nnetns del {name}b\nnetns del {name}r\n");
        }
    }

    public static FastPathSettings Settings() => new()
    {
        FirstPort = FirstPort,
        PairCount = Pairs,
        Ipv4 = Address(4),
        Ipv6 = Address(6),
    };

    /// <summary>The relay's address of an IP version.</summary>
    public static IpEndpoint Address(int version, int port = 0) =>
        Endpoint(version == 4 ? "10.88.0.1" : "fd88::1", port);

    /// <summary>A phone at its side's usual address.</summary>
    public MediaPeer Phone(MediaSide side, int version = 4, int port = 6000, string? address = null)
    {
        var usual = (side, version) switch
        {
            (MediaSide.A, 4) => "10.88.1.2",
            (MediaSide.B, 4) => "10.88.2.2",
            (MediaSide.A, _) => "fd88:1::2",
            _ => "fd88:2::2",
        };
        NetNamespace.Enter(_name + (side == MediaSide.A ? "a" : "b"));
        try
        {
            return new MediaPeer(address ?? usual, port);
        }
        finally
        {
            NetNamespace.Enter(_name + "r");
        }
    }

    public void Ip(string lines, char where = 'r') => NetNamespace.Ip(lines, _name + where);

    public int Open(MediaPeer a, MediaPeer b)
    {
        Relay.TryOpen(7, a.Endpoint.IsIpv4, b.Endpoint.IsIpv4, out var session).ShouldBeTrue();
        SetRemote(session, MediaSide.A, a.Endpoint);
        SetRemote(session, MediaSide.B, b.Endpoint);
        Relay.MarkAnswered(session, NowMs);
        return session;
    }

    public void SetRemote(
        int session, MediaSide side, IpEndpoint rtp, SdpDirection direction = SdpDirection.SendRecv, bool mux = true) =>
        Relay.SetRemote(session, side, rtp, rtp.WithPort((ushort)(rtp.Port + 1)), mux, direction, 8000, NowMs)
            .ShouldBeTrue();

    /// <summary>A call whose two sides have been heard and which the kernel relays.</summary>
    public int OpenInside(MediaPeer a, MediaPeer b)
    {
        var session = Open(a, b);
        var before = Fast.Entered;
        a.Send(Local(session, MediaSide.A), Packets.Rtp(1));
        b.Send(Local(session, MediaSide.B), Packets.Rtp(1));
        PumpUntil(() => b.TryReceive(out _, out _));
        PumpUntil(() => a.TryReceive(out _, out _));
        Enter();
        Fast.Entered.ShouldBe(before + 1);
        return session;
    }

    public IpEndpoint Local(int session, MediaSide side) =>
        Address(Relay.IsIpv4(session, side) ? 4 : 6, Relay.LocalPort(session, side));

    /// <summary>
    /// Lets the relay look at all its sessions once, later than any wait to enter again: userspace's clock is two
    /// seconds further from then on.
    /// </summary>
    public void Enter()
    {
        _aheadMs += 1000;
        for (var i = 0; i < MediaWatch.SliceCount; i++) Tick();
    }

    public void Tick()
    {
        _aheadMs += MediaWatch.SlicePeriodMs;
        Relay.Tick(NowMs, ref _events);
    }

    public void Pump(int waitMs = 0)
    {
        int count;
        while ((count = _epoll.Wait(_ready, waitMs)) > 0)
        {
            for (var i = 0; i < count; i++) Relay.OnReadable(_ready[i], NowMs, ref _events);
            waitMs = 0;
        }
    }

    public void PumpUntil(Func<bool> isDone)
    {
        var watch = Stopwatch.StartNew();
        while (!isDone())
        {
            Pump(waitMs: 1);
            watch.ElapsedMilliseconds.ShouldBeLessThan(DeadlineMs, "the awaited condition never came");
        }
    }

    public MediaTotals Totals(int session, MediaSide side)
    {
        Relay.TryReadTotals(session, side, out var totals).ShouldBeTrue();
        return totals;
    }

    public void Dispose()
    {
        Relay.Dispose();
        Path.Dispose();
        _epoll.Dispose();
    }

    public static IpEndpoint Endpoint(string address, int port) =>
        IpEndpoint.From(System.Net.IPAddress.Parse(address), port);

    private static void Build(string name)
    {
        NetNamespace.Ip($"netns add {name}a\nnetns add {name}b\nnetns add {name}r\n");
        Cable(name, 'a', 1);
        Cable(name, 'b', 2);
        NetNamespace.Ip(
            "link set lo up\naddr add 10.88.0.1/32 dev lo\naddr add fd88::1/128 dev lo nodad\n", name + "r");
    }

    // The relay's address is on its loopback interface, as on a router: both phones reach it through their cable.
    private static void Cable(string name, char end, int net)
    {
        NetNamespace.Ip($"link add r{end} netns {name}r type veth peer name {end}0 netns {name}{end}\n");
        // No link-local addresses: neighbours would not be asked for until those had proved to be unique.
        NetNamespace.Ip($"link set r{end} addrgenmode none\n", name + "r");
        NetNamespace.Ip($"link set {end}0 addrgenmode none\n", name + end);
        NetNamespace.Ip(
            $"addr add 10.88.{net}.1/24 dev r{end}\naddr add fd88:{net}::1/64 dev r{end} nodad\nlink set r{end} up\n",
            name + "r");
        NetNamespace.Ip(
            $"addr add 10.88.{net}.2/24 dev {end}0\naddr add fd88:{net}::2/64 dev {end}0 nodad\nlink set {end}0 up\n"
            + $"link set lo up\nroute add 10.88.0.1 via 10.88.{net}.1\nroute add fd88::1 via fd88:{net}::1\n",
            name + end);
    }
}
