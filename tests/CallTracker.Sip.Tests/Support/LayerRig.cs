using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;
using CallTracker.TestKit;

namespace CallTracker.Sip.Tests.Support;

/// <summary>
/// A transaction layer on a clock moved by hand, with a transport and a user that write everything down.
/// </summary>
internal sealed class LayerRig
{
    public static readonly SipFlow Udp = new(SipTransportKind.Udp, 1, 0, IpEndpoint.FromIpv4(0xC000_0201, 5060));
    public static readonly SipFlow Tcp = new(SipTransportKind.Tcp, 1, 9, IpEndpoint.FromIpv4(0xC000_0201, 40_000));
    private readonly SipMessage _message = new();
    private readonly long _startMs;

    public LayerRig(TransactionSettings? settings = null)
    {
        _startMs = Clock.NowMs;
        Log = new LayerLog(() => Clock.NowMs - _startMs);
        Layer = new TransactionLayer<RecordingUser, RecordingTransport>(
            new RecordingUser(Log), new RecordingTransport(Log), settings ?? Small(), 5, 4711, Clock.NowMs);
    }

    public FakeClock Clock { get; } = new();

    public LayerLog Log { get; }

    public TransactionLayer<RecordingUser, RecordingTransport> Layer { get; }

    public IEnumerable<string> SentLines => Log.Sent.Select(sent => sent.Text.Split("\r\n")[0]);

    public string LastSent => Log.Sent[^1].Text;

    public TransactionHandle LastHandle => Log.Handles[^1];

    public static TransactionSettings Small() =>
        new() { ActiveMax = 64, LingeringMax = 64, BufferBytesMax = 4 * 1024 * 1024 };

    public void Receive(string text, SipFlow? flow = null)
    {
        Wire.TryParse(_message, Wire.Bytes(text));
        Layer.Receive(_message, flow ?? Udp, Clock.At);
    }

    /// <summary>Sends a request of ours and gives its handle.</summary>
    public TransactionHandle Start(string request, SipFlow? flow = null, int user = 42)
    {
        var bytes = Wire.Bytes(request);
        var method = SipMethods.Parse(bytes.AsSpan(0, bytes.AsSpan().IndexOf((byte)' ')));
        return Layer.StartRequest(bytes, method, flow ?? Udp, user, Clock.NowMs);
    }

    /// <summary>Answers a request as a user would.</summary>
    public bool Respond(TransactionHandle tx, string request, int code)
    {
        var writer = new SipWriter(new byte[4096]);
        writer.WriteRefusal(Wire.Parse(request), code, "mine"u8, Udp.Remote);
        return Layer.Respond(tx, writer.Written, Clock.NowMs);
    }

    /// <summary>Lets time pass as a worker does: from one due moment to the next.</summary>
    public void Advance(long delayMs)
    {
        var endMs = Clock.NowMs + delayMs;
        while (true)
        {
            var nextMs = Layer.NextDelayMs(Clock.NowMs);
            var stepMs = nextMs < 0 ? endMs - Clock.NowMs : Math.Min(Math.Max(nextMs, 1), endMs - Clock.NowMs);
            Clock.AdvanceMs(stepMs);
            Layer.Advance(Clock.NowMs);
            if (Clock.NowMs >= endMs) return;
        }
    }

    /// <summary>The moments at which something was sent, to the nearest ten milliseconds below.</summary>
    public IEnumerable<long> SentAtMs() => Log.Sent.Select(sent => sent.AtMs / 10 * 10);

    /// <summary>Nothing is left: no transaction, no record, no buffer.</summary>
    public void ShouldBeEmpty()
    {
        var counters = Layer.Counters;
        counters.Active.ShouldBe(0);
        counters.Lingering.ShouldBe(0);
        counters.BufferBytesUsed.ShouldBe(0);
        Layer.NextDelayMs(Clock.NowMs).ShouldBe(-1);
    }
}
