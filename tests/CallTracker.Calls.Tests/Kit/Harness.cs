using System.Net;
using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>
/// One engine with real parser, transactions and media ports, but time, wire, routes and journal by hand. The caller's
/// trunk is 127.0.0.1:5071, the shop's 127.0.0.1:5080; 0120000001 goes to 0312345678.
/// </summary>
internal sealed class Harness : IDisposable
{
    public static readonly IpEndpoint Node = At(5060);
    public static readonly IpEndpoint Carrier = At(5071);
    public static readonly IpEndpoint Shop = At(5080);
    private static int _nextPort = 33000;
    private readonly Epoll _epoll = new();
    private readonly EpollEvent[] _ready = new EpollEvent[16];
    private readonly RtpPortPool _ports;
    private readonly SipMessage _message = new();
    private long _nowMs = 1_000_003;

    public Harness(
        int sessions = 4, CallSettings? settings = null, MediaSettings? media = null, bool hasBothVersions = false,
        int probingWorkers = 0, TraceRing? trace = null, TransactionSettings? transactions = null)
    {
        _ports = OpenPorts(sessions, hasBothVersions ? IpEndpoint.From(IPAddress.IPv6Loopback, 0) : default);
        Routes.Trunks = new TrunkTable([MakeTrunk("carrier", Carrier, [], Any()), MakeTrunk("shop", Shop, [""])]);
        Routes.Set(MakeRoute("0120000001", ("0312345678", 20_000)));
        Engine = new CallEngine(
            new CallEngineParts
            {
                Worker = 0,
                NodeStart = 1,
                Seed = 42,
                Settings = (settings ?? DefaultSettings) with
                {
                    SipAddress = Node,
                    MediaAddress = At(0),
                    SecondSipAddress = hasBothVersions ? IpEndpoint.From(IPAddress.IPv6Loopback, 5060) : default,
                    SecondMediaAddress = _ports.SecondBindAddress,
                },
                Transactions = transactions ?? new TransactionSettings(),
                Routes = Routes,
                Journal = Journal,
                Sender = Wire,
                Media = new MediaRelay(_ports, media ?? new MediaSettings()),
                ProbingWorkers = probingWorkers,
                Trace = trace,
                Stir = Stir,
            },
            Now);
    }

    public static CallSettings DefaultSettings { get; } =
        new() { SipAddress = default, MediaAddress = default, CallsMax = 64 };

    /// <summary>Does not mind hours of silence, for tests of what else ends a call.</summary>
    public static MediaSettings PatientMedia { get; } = new() { SilenceMsMax = int.MaxValue };

    public CallEngine Engine { get; }

    public ScriptedRoutes Routes { get; } = new();

    public RecordingJournal Journal { get; } = new();

    public RecordingSender Wire { get; } = new();

    public ScriptedStir Stir { get; } = new();

    public ReceivedAt Now => new(_nowMs, 1_700_000_000_000 + _nowMs);

    /// <summary>Parses and delivers a message; true when the parser took it.</summary>
    public bool Deliver(string text, IpEndpoint from) =>
        Deliver(text, new SipFlow(SipTransportKind.Udp, 0, 0, from));

    /// <summary>The same over any transport.</summary>
    public bool Deliver(string text, in SipFlow flow)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (_message.Parse(bytes, 0, bytes.Length) != SipParseResult.Ok) return false;
        Engine.Receive(_message, flow, Now);
        return true;
    }

    /// <summary>Lets time pass in small steps, firing timers on the way.</summary>
    public void Pass(long ms)
    {
        for (var end = _nowMs + ms; _nowMs < end;)
        {
            _nowMs = Math.Min(end, _nowMs + 50);
            Engine.Advance(Now);
        }
    }

    /// <summary>Time passes at one stroke, and messages of the last while are not read yet.</summary>
    public void Stall(long ms, int unreadMs)
    {
        _nowMs += ms;
        Engine.Advance(Now, unreadMs);
    }

    /// <summary>Hands the engine the media that has arrived.</summary>
    public void PumpMedia()
    {
        int count;
        while ((count = _epoll.Wait(_ready, 0)) > 0)
        {
            for (var i = 0; i < count; i++) Engine.OnMediaReadable(_ready[i], Now);
        }
    }

    /// <summary>Takes the messages sent to a peer since the last call.</summary>
    public List<SentMessage> TakeSent(IpEndpoint to)
    {
        var taken = Wire.Sent.FindAll(m => m.To == to);
        Wire.Sent.RemoveAll(m => m.To == to);
        return taken;
    }

    /// <summary>The same without repetitions.</summary>
    public List<SentMessage> TakeNew(IpEndpoint to) => [.. TakeSent(to).DistinctBy(m => m.Text)];

    /// <summary>Nothing may be left of any call: slots, transactions with work to do, ports.</summary>
    public bool IsWhole => Engine.ActiveCalls == 0 && Engine.Media.OpenSessions == 0 && Engine.Buffers.Lent == 0;

    public void Dispose()
    {
        _ports.Dispose();
        _epoll.Dispose();
    }

    public static Route MakeRoute(string number, params (string Target, int RingMs)[] targets) => new()
    {
        Number = ScriptedRoutes.Number(number),
        OperatorId = "op",
        Targets = [.. targets.Select(t => new RouteTarget(ScriptedRoutes.Number(t.Target), t.RingMs))],
    };

    public static Trunk MakeTrunk(string id, IpEndpoint address, string[] prefixes, params InboundSource[] from) =>
        new()
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = [.. prefixes.Select(ScriptedRoutes.Number)],
            InboundFrom = from,
        };

    public static IpEndpoint At(int port) => IpEndpoint.From(IPAddress.Loopback, port);

    private static InboundSource Any() => new(Carrier, 128);

    // Tests run side by side: each takes the next free share of a range that nothing else uses.
    private RtpPortPool OpenPorts(int sessions, IpEndpoint second)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var first = Interlocked.Add(ref _nextPort, sessions * 4);
            var pool = new RtpPortPool(
                At(0), (ushort)(first & ~1), sessions * 4, _epoll, secondBindAddress: second);
            var pairs = second.IsUnspecified ? sessions * 2 : sessions * 4;
            if (pool.Open() == RtpPortPoolResult.Ok && pool.PairCount == pairs) return pool;
            pool.Dispose();
        }
        throw new InvalidOperationException("No media ports for the test.");
    }
}
