using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Benchmarks;

/// <summary>The INVITE server transaction on hand-driven time, 10 ms to a call: ended ones linger as in life.</summary>
public class TransactionBenchmarks
{
    private const int MsPerCall = 10;
    private readonly SipMessage _message = new();
    private readonly byte[] _invite = Messages.Invite();
    private readonly byte[] _response = new byte[2048];
    private readonly SipFlow _flow = new(SipTransportKind.Udp, 0, 0, IpEndpoint.FromIpv4(0x7F00_0001, 5071));
    private TransactionLayer<LastRequest, NullTransport> _layer = Make();
    private TransactionLayer<LastRequest, NullTransport> _ringing = Make();
    private long _nowMs = 1000;
    private uint _number;

    [GlobalSetup(Target = nameof(RetransmittedInvite))]
    public void Ring()
    {
        _ringing = Make();
        _ringing.Receive(Parse(), _flow, At());
        Respond(_ringing, 180);
    }

    [GlobalSetup(Target = nameof(WholeInvite))]
    public void WarmUp()
    {
        _layer = Make();
        // A minute of calls: until the first ones stop lingering the tables grow.
        for (var i = 0; i < 60_000 / MsPerCall; i++) WholeInvite();
    }

    [Benchmark]
    public int WholeInvite()
    {
        Messages.Stamp(_invite, "branch"u8, ++_number);
        Messages.Stamp(_invite, "call"u8, _number);
        _layer.Receive(Parse(), _flow, At());
        Respond(_layer, 180);
        _layer.Receive(Parse(), _flow, At());
        Respond(_layer, 200);
        if (!_layer.ConfirmAck(_layer.User.Handle)) throw new InvalidOperationException("No transaction.");
        _nowMs += MsPerCall;
        _layer.Advance(_nowMs);
        return _layer.Transport.Sent;
    }

    [Benchmark]
    public int RetransmittedInvite()
    {
        var before = _ringing.Transport.Sent;
        _ringing.Receive(Parse(), _flow, At());
        var sent = _ringing.Transport.Sent - before;
        return sent == 1 ? sent : throw new InvalidOperationException("The 180 was not repeated.");
    }

    private static TransactionLayer<LastRequest, NullTransport> Make() =>
        new(default, default, new TransactionSettings(), workerNumber: 0, seed: 42, nowMs: 1000);

    private SipMessage Parse()
    {
        _message.Parse(_invite, 0, _invite.Length);
        return _message;
    }

    private ReceivedAt At() => new(_nowMs, 1_700_000_000_000 + _nowMs);

    private void Respond(TransactionLayer<LastRequest, NullTransport> layer, int code)
    {
        var writer = new SipWriter(_response);
        writer.WriteRefusal(_message, code, "n1"u8, _flow.Remote);
        if (!layer.Respond(layer.User.Handle, writer.Written, _nowMs)) throw new InvalidOperationException("Over.");
    }
}
