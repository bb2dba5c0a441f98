using System.Text;
using CallTracker.Calls;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Simulation.Tests.Agents;
using CallTracker.TestKit;

namespace CallTracker.Simulation.Tests.World;

/// <summary>
/// One seed: the real engine with its transactions, media and ports between scripted agents, over a bad network, on a
/// fake clock. The seed decides everything; nothing else does. Owned by one thread.
/// </summary>
internal sealed class SimWorld
{
    private const int StepMsMax = 500;
    private const long LongestMs = 20 * 60_000;
    private readonly PriorityQueue<Action, (long DueMs, long Order)> _plans = new();
    private readonly SimulatedNetwork _network;
    private readonly SipMessage _message = new();
    private readonly Random _random;
    private readonly List<Agent> _agents = [];
    private readonly List<string>? _ladder;
    private long _order;
    private int _token;

    /// <param name="seed">Decides all.</param>
    /// <param name="lane">Lends the ports.</param>
    /// <param name="ladder">Takes a line for each message, or null.</param>
    public SimWorld(int seed, Lane lane, List<string>? ladder = null)
    {
        _ladder = ladder;
        _random = new Random(seed);
        // Half of the seeds have trunks of direct media, in every mixture; the other draws do not depend on it.
        Terrain = new Terrain(_random, seed % 2 == 0 ? 0 : seed / 2 % 8);
        _network = new SimulatedNetwork(
            _random.Next(), Terrain.LossRate, Terrain.DuplicateRate, 1, Terrain.DelayMsMax);
        Watch = new WireWatch(this);
        Ports = Terrain.IsTight ? lane.TightPorts : lane.Ports;
        Carrier = new CarrierAgent(this, 1, IpEndpoint.FromIpv4(0x0A01_0001, 5060));
        Shops = [MakeShop(2, 0x0A02_0001), MakeShop(3, 0x0A02_0002)];
        var stranger = new StrangerAgent(
            this, 4, IpEndpoint.FromIpv4(0x0A03_0001, 5060), new Random(_random.Next()));
        _agents.AddRange([Carrier, .. Shops, stranger]);
        Routes = new SimRoutes(this) { Trunks = MakeTrunks() };
        Engine = MakeEngine();
        stranger.Plan(Terrain.StrangerCount);
        for (var i = 0; i < Terrain.CallCount; i++) PlanCall(i);
        if (Terrain.EndAllMs >= 0) Later(Terrain.EndAllMs, StopNode);
        if (Terrain.JournalFailsMs >= 0) Later(Terrain.JournalFailsMs, () => Journal.IsWritable = false);
    }

    public Terrain Terrain { get; }

    public FakeClock Clock { get; } = new();

    public CallEngine Engine { get; }

    public WireWatch Watch { get; }

    public SimJournal Journal { get; } = new();

    public RtpPortPool Ports { get; }

    public CarrierAgent Carrier { get; }

    public ShopAgent[] Shops { get; }

    public SimRoutes Routes { get; }

    public string EngineHost => "127.0.0.1:5060";

    public long NowMs => Clock.NowMs;

    public IEnumerable<Party> Parties => _agents.SelectMany(agent => agent.Parties);

    /// <summary>Messages of all sides, with those that were lost.</summary>
    public int SentCount => _network.SentCount;

    /// <summary>Runs until nothing is left to happen.</summary>
    public void Run()
    {
        var endMs = NowMs + LongestMs;
        while (!IsQuiet)
        {
            if (NowMs > endMs) throw new SimulationException("It does not come to rest: " + Leftovers());
            Clock.AdvanceMs(NextDelayMs());
            while (_plans.TryPeek(out var plan, out var due) && due.DueMs <= NowMs)
            {
                _plans.Dequeue();
                plan();
            }
            while (_network.TryReceive(NowMs, out var datagram)) Deliver(datagram);
            Engine.Advance(Clock.At);
        }
    }

    public void Later(int delayMs, Action what) => _plans.Enqueue(what, (NowMs + delayMs, _order++));

    public string NextToken() => "k" + (++_token).ToString(null, null);

    public string NextBranch() => "z9hG4bK" + NextToken();

    public void SendToEngine(int node, byte[] bytes) => _network.Send(node, 0, bytes, NowMs);

    public void SendFromEngine(in IpEndpoint remote, ReadOnlySpan<byte> bytes)
    {
        var message = SimMessage.Read(bytes);
        var to = remote;
        var agent = _agents.Find(a => a.Address == to)
            ?? throw new SimulationException($"A message to nobody, {remote}:\n{message.Text}");
        Trace("   ", "->", agent, message);
        Watch.OnSent(agent, message);
        _network.Send(0, agent.Node, bytes, NowMs);
    }

    /// <summary>What is still there, for the report of a seed that does not end.</summary>
    public string Leftovers()
    {
        var sip = Engine.TransactionCounters;
        return $"calls {Engine.ActiveCalls}, transactions {sip.Active} ({sip.InviteServerActive} " +
            $"{sip.NonInviteServerActive} {sip.InviteClientActive} {sip.NonInviteClientActive}), lingering " +
            $"{sip.Lingering}, plans {_plans.Count}, under way {_network.UnderwayCount}";
    }

    private bool IsQuiet
    {
        get
        {
            if (_plans.Count > 0 || _network.UnderwayCount > 0 || Engine.ActiveCalls > 0) return false;
            var sip = Engine.TransactionCounters;
            return sip.Active == 0 && sip.Lingering == 0;
        }
    }

    private long NextDelayMs()
    {
        var delayMs = Engine.NextDelayMs(NowMs);
        var nextMs = delayMs < 0 ? StepMsMax : Math.Min(delayMs, StepMsMax);
        var networkMs = _network.NextDelayMs(NowMs);
        if (networkMs >= 0) nextMs = (int)Math.Min(nextMs, networkMs);
        if (_plans.TryPeek(out _, out var due)) nextMs = (int)Math.Min(nextMs, due.DueMs - NowMs);
        return Math.Max(1, nextMs);
    }

    private void Deliver(SimulatedDatagram datagram)
    {
        if (datagram.To != 0)
        {
            _agents[datagram.To - 1].Receive(SimMessage.Read(datagram.Bytes));
            return;
        }
        var agent = _agents[datagram.From - 1];
        var result = _message.Parse(datagram.Bytes, 0, datagram.Bytes.Length);
        if (agent is not StrangerAgent)
        {
            var read = SimMessage.Read(datagram.Bytes);
            Trace("=> ", "  ", agent, read);
            if (result != SipParseResult.Ok) throw new SimulationException($"{result}:\n{read.Text}");
            Watch.OnArrived(agent, read);
        }
        if (result == SipParseResult.KeepAlive) return;
        Engine.Receive(_message, new SipFlow(SipTransportKind.Udp, 0, 0, agent.Address), Clock.At);
    }

    private void Trace(string before, string after, Agent agent, SimMessage message) => _ladder?.Add(
        $"{Clock.UnixMs} {before}engine{after} {agent.Host} {message.CallId} {message.StartLine} " +
        $"[{message.CSeq} {message.Method}] {message.Branch} from {message.FromTag} to {message.ToTag}");

    private ShopAgent MakeShop(int node, uint address) =>
        new(this, node, IpEndpoint.FromIpv4(address, 5060), new Random(_random.Next()));

    private TrunkTable MakeTrunks()
    {
        List<Trunk> trunks =
        [
            MakeTrunk("carrier", Carrier.Address, [], true, directBit: 1),
            MakeTrunk("shop1", Shops[0].Address, ["03"], false, directBit: 2),
            MakeTrunk("shop2", Shops[1].Address, ["06"], false, directBit: 4),
            MakeTrunk("stranger", IpEndpoint.FromIpv4(0x0A03_0001, 5060), [], true),
        ];
        if (Terrain.HasSecondTrunk)
        {
            trunks.Add(MakeTrunk("shop1b", Shops[1].Address, ["03"], false, priority: 1, directBit: 4));
            trunks.Add(MakeTrunk("shop2b", Shops[0].Address, ["06"], false, priority: 1, directBit: 2));
        }
        return new TrunkTable([.. trunks]);
    }

    private Trunk MakeTrunk(
        string id, IpEndpoint address, string[] prefixes, bool isInbound, int priority = 0, int directBit = 0) => new()
        {
            IsMediaDirect = (Terrain.DirectTrunks & directBit) != 0,
            Priority = priority,
            Redirect = Terrain.FollowsRedirects ? RedirectPolicy.Follow : RedirectPolicy.Refuse,
            Credentials = Terrain.HasDigest && !isInbound ? MakeCredentials() : null,
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = [.. prefixes.Select(SimRoutes.Number)],
            InboundFrom = isInbound ? [new InboundSource(address, 128)] : [],
            SessionExpiresSec = Terrain.SessionSec,
            ReliableProvisional = Terrain.Reliable,
        };

    private static TrunkCredentials MakeCredentials() => new()
    {
        Username = Encoding.ASCII.GetBytes(DigestGuard.User),
        Secret = Encoding.ASCII.GetBytes(DigestGuard.Secret),
    };

    private CallEngine MakeEngine() => new(
        new CallEngineParts
        {
            Worker = 0,
            NodeStart = 1,
            Seed = (ulong)_random.NextInt64(),
            Settings = new CallSettings
            {
                SipAddress = IpEndpoint.FromIpv4(0x7F00_0001, 5060),
                MediaAddress = IpEndpoint.FromIpv4(0x7F00_0001, 0),
                CallsMax = Terrain.IsTight ? 2 : 16,
                BufferBytesMax = Terrain.IsTight ? 8_192 : 1 << 20,
                CallDurationMsMax = Terrain.DurationMsMax,
            },
            Transactions = new TransactionSettings
            {
                ActiveMax = Terrain.IsTight ? 16 : 256,
                LingeringMax = Terrain.IsTight ? 8 : 1_024,
                BufferBytesMax = Terrain.IsTight ? 8 * 65_536 : 4 << 20,
            },
            Routes = Routes,
            Journal = Journal,
            Sender = new SimWire(this, new Random(_random.Next())),
            Media = new MediaRelay(Ports, new MediaSettings { SilenceMsMax = Terrain.SilenceMsMax }),
        },
        Clock.At);

    private void PlanCall(int index)
    {
        var plan = new CallerPlan(_random);
        var called = plan.IsWrongNumber ? "0120999999" : $"012000000{_random.Next(2)}";
        var targets = new RouteTarget[1 + _random.Next(3)];
        for (var i = 0; i < targets.Length; i++)
        {
            var prefix = _random.Next(20) switch { 0 => "09", < 10 => "06", _ => "03" };
            targets[i] = new RouteTarget(SimRoutes.Number($"{prefix}9999000{i}"), 1_000 + _random.Next(10_000));
        }
        if (!plan.IsWrongNumber) Routes.Add(called, targets);
        Carrier.Plan(plan, $"031111000{index}", called);
    }

    private void StopNode()
    {
        Engine.StartDrain();
        Engine.EndAll(Clock.At);
    }
}
