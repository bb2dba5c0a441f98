using System.Text;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Calls;
using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Relay;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Benchmarks;

/// <summary>
/// A whole answered call through one worker's engine: INVITE, 180, 200, ACK, BYE on both legs, with real parser,
/// transactions, dialogs, SDP and ports, and without sockets, journal and Redis. The two peers' writing is in the time.
/// </summary>
public class CallBenchmarks
{
    private const int MsPerCall = 10;
    private static readonly IpEndpoint Node = IpEndpoint.FromIpv4(0x7F00_0001, 5060);
    private readonly SipMessage _message = new();
    private readonly SipMessage _peer = new();
    private readonly LastMessages _wire = new();
    private readonly NullJournal _journal = new();
    private readonly byte[] _invite = Messages.Invite();
    private readonly byte[] _sdp = Encoding.ASCII.GetBytes(Messages.Sdp);
    private readonly byte[] _shopInvite = new byte[4096];
    private readonly byte[] _buffer = new byte[4096];
    private Epoll? _epoll;
    private CallEngine? _engine;
    private long _nowMs = 1000;
    private uint _number;
    private readonly bool _isDirect;

    public CallBenchmarks()
    {
    }

    internal CallBenchmarks(bool isDirect) => _isDirect = isDirect;

    [GlobalSetup]
    public void Setup()
    {
        _epoll = new Epoll();
        var settings = new CallSettings { SipAddress = Node, MediaAddress = MediaPorts.Address, CallsMax = 64 };
        var parts = new CallEngineParts
        {
            Worker = 0,
            NodeStart = 1,
            Seed = 42,
            Settings = settings,
            Transactions = new TransactionSettings(),
            Routes = new FixedRoutes(_isDirect),
            Journal = _journal,
            Sender = _wire,
            Media = new MediaRelay(MediaPorts.Open(_epoll, pairs: 16), new MediaSettings()),
        };
        _engine = new CallEngine(parts, At());
        // A minute of calls: until the first transactions stop lingering the tables grow.
        for (var i = 0; i < 60_000 / MsPerCall; i++) WholeCall();
    }

    [Benchmark]
    public int WholeCall()
    {
        Messages.Stamp(_invite, "branch"u8, ++_number);
        Messages.Stamp(_invite, "call"u8, _number);
        Deliver(_invite, _invite.Length, Routes.Carrier);
        var (toShop, length) = _wire.To(Routes.Shop);
        toShop.AsSpan(0, length).CopyTo(_shopInvite);
        _peer.Parse(_shopInvite, 0, length);
        ShopAnswers(180);
        ShopAnswers(200);
        CallerSends(SipMethod.Ack, 1);
        CallerSends(SipMethod.Bye, 2);
        (toShop, length) = _wire.To(Routes.Shop);
        _peer.Parse(toShop, 0, length);
        ShopAnswers(200);
        _nowMs += MsPerCall;
        _engine!.Advance(At());
        return _journal.Ends == _number ? _journal.Ends : throw new InvalidOperationException("A call did not end.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _engine!.Media.Dispose();
        _epoll!.Dispose();
    }

    private ReceivedAt At() => new(_nowMs, 1_700_000_000_000 + _nowMs);

    private void Deliver(byte[] bytes, int length, in IpEndpoint from)
    {
        var result = _message.Parse(bytes, 0, length);
        if (result != SipParseResult.Ok) throw new InvalidOperationException($"Refused: {result}.");
        _engine!.Receive(_message, new SipFlow(SipTransportKind.Udp, 0, 0, from), At());
    }

    private void ShopAnswers(int code)
    {
        var writer = new SipWriter(_buffer);
        writer.WriteResponse(_peer, code, default, "s1"u8, Node);
        writer.Header(SipHeaderKind.Contact, "<sip:shop@127.0.0.1:5080>"u8);
        if (code == 200 && _peer.Method == SipMethod.Invite) writer.Body("application/sdp"u8, _sdp);
        else writer.NoBody();
        Deliver(_buffer, writer.Length, Routes.Shop);
    }

    // The caller's dialog is what the last message to it says; its own values are those of its INVITE.
    private void CallerSends(SipMethod method, uint cseq)
    {
        var (toCarrier, length) = _wire.To(Routes.Carrier);
        _peer.Parse(toCarrier, 0, length);
        var writer = new SipWriter(_buffer);
        writer.RequestLine(method, "sip:127.0.0.1:5060"u8);
        writer.BeginHeader(SipHeaderKind.Via);
        writer.Raw("SIP/2.0/UDP 127.0.0.1:5071;rport;branch=z9hG4bK"u8);
        writer.Number((_number * 10L) + cseq);
        writer.LineEnd();
        writer.Header(SipHeaderKind.MaxForwards, 70);
        writer.Header(SipHeaderKind.From, _peer.From);
        writer.Header(SipHeaderKind.To, _peer.To);
        writer.Header(SipHeaderKind.CallId, _peer.CallId);
        writer.CSeq(cseq, SipMethods.NameOf(method));
        writer.NoBody();
        Deliver(_buffer, writer.Length, Routes.Carrier);
    }
}
