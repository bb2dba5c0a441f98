using System.Text;
using CallTracker.Backends.Tests.Support;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Model;
using CallTracker.Calls.Tracing;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Tracing;
using CallTracker.Core.Net;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>
/// One ring and all that stands behind it, on a clock of the test's; calls are noted as a worker does.
/// </summary>
internal sealed class TraceBench : IAsyncDisposable
{
    public const string OperatorId = "op1";
    private readonly RingFollower _follower;
    private readonly TraceCollector _collector;
    private readonly HepMirror? _mirror;

    public TraceBench(ClickHouseClient client, TraceSettings? settings = null, HepMirror? mirror = null)
    {
        Settings = settings ?? DefaultSettings;
        _mirror = mirror;
        Shipper = new TraceShipper(client, Settings, Counters, Log);
        _follower = new RingFollower(Ring, Settings, mirror, Counters);
        var chooser = new CallChooser(Settings, () => Requests, TestCalls.Cipher(), Clock, Counters);
        var keeper = new LadderKeeper(Settings, Cipher, Shipper, Clock, Counters);
        _collector = new TraceCollector([_follower], chooser, keeper, Settings, Clock);
    }

    public static TraceSettings DefaultSettings { get; } = new() { NodeId = "n1", RetryMs = 20, FlushMs = 0 };

    public TraceSettings Settings { get; }
    public TraceRing Ring { get; } = new(TraceRing.CapacityMin);
    public FakeClock Clock { get; } = new();
    public TraceCounters Counters { get; } = new();
    public LogSink Log { get; } = new();
    public TraceShipper Shipper { get; }
    public TraceCipher Cipher { get; } = new(TestCalls.Key);
    public TraceRequestRecord[] Requests { get; set; } = [];
    public ConversationTable Conversations => _follower.Conversations;
    public int WaitingCount => _collector.WaitingCount;
    public bool IsQuiet => _collector.IsQuiet;

    /// <summary>Reads the ring and does what is due.</summary>
    public void Turn(bool isLast = false)
    {
        Ring.Publish();
        _collector.Turn(isLast);
    }

    /// <summary>Lets the settling time of ended calls pass.</summary>
    public void Settle()
    {
        Turn();
        Clock.Advance(Settings.SettleMs);
        Turn();
    }

    public void Message(ulong dialog, string text, bool isSent = false)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var entry = new TraceEntry
        {
            Kind = TraceEntryKind.Message,
            Dialog = dialog,
            UnixUs = Clock.UnixMs * 1000,
            Direction = isSent ? TraceDirection.Sent : TraceDirection.Received,
            Local = IpEndpoint.FromIpv4(0x7f000001, 5060),
            Remote = IpEndpoint.FromIpv4(0x7f000001, (ushort)(5000 + (dialog % 50))),
            Length = bytes.Length,
        };
        Ring.Write(entry, bytes);
    }

    public void Dialog(ulong dialog, int call, int attempt)
    {
        var entry = new TraceEntry
        {
            Kind = TraceEntryKind.Dialog,
            Dialog = dialog,
            Attempt = (byte)attempt,
            Length = CallFacts.TrnIdLength,
        };
        Ring.Write(entry, Encoding.ASCII.GetBytes(TestCalls.IdOf(call)));
    }

    /// <summary>The call is dialled: its operator and numbers are known.</summary>
    public void Start(int call)
    {
        var payload = new byte[TraceEnd.Length];
        TraceEnd.Write(TestCalls.Started(call), payload);
        Ring.Write(new TraceEntry { Kind = TraceEntryKind.Start, Length = payload.Length }, payload);
    }

    public void End(int call, CallOutcome outcome, EndReason reason = EndReason.Bye)
    {
        var facts = TestCalls.Started(call);
        (facts.Outcome, facts.Reason, facts.EocUnixMs) = (outcome, reason, Clock.UnixMs);
        var payload = new byte[TraceEnd.Length];
        TraceEnd.Write(facts, payload);
        Ring.Write(new TraceEntry { Kind = TraceEntryKind.End, Length = payload.Length }, payload);
    }

    /// <summary>A small call with a message on each leg and its end.</summary>
    public void Call(int call, CallOutcome outcome, EndReason reason = EndReason.Bye)
    {
        var dialog = (ulong)call * 10;
        Message(dialog, $"INVITE sip:0120123456@x SIP/2.0\r\nCall-ID: a{call}\r\n\r\n");
        Dialog(dialog, call, 0);
        Dialog(dialog + 1, call, 1);
        Message(dialog + 1, $"INVITE sip:0312345678@y SIP/2.0\r\nCall-ID: b{call}\r\n\r\n", isSent: true);
        Message(dialog + 1, "SIP/2.0 486 Busy Here\r\n\r\n");
        Message(dialog, "SIP/2.0 486 Busy Here\r\n\r\n", isSent: true);
        End(call, outcome, reason);
    }

    public async ValueTask DisposeAsync()
    {
        await Shipper.DisposeAsync();
        _mirror?.Dispose();
        Cipher.Dispose();
    }
}
