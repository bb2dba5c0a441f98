using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Calls;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Benchmarks;

/// <summary>
/// What a trace costs a worker per message: the hash of the Call-ID and a copy into a ring that is larger than the
/// caches, as in life; and what reading it back costs the other thread.
/// </summary>
public class TraceBenchmarks
{
    private readonly TraceRing _ring = new(32 << 20);
    private readonly SipMessage _message = new();
    private readonly byte[] _invite = Messages.Invite();
    private readonly byte[] _buffer = new byte[4096];
    private readonly SipFlow _flow = new(SipTransportKind.Udp, 0, 0, IpEndpoint.FromIpv4(0x7F00_0001, 5071));
    private CallTrace _trace = null!;
    private long _position;

    [GlobalSetup]
    public void Setup()
    {
        var node = IpEndpoint.FromIpv4(0x7F00_0001, 5060);
        _trace = new CallTrace(_ring, 42, new CallSettings { SipAddress = node, MediaAddress = node });
        _message.Parse(_invite, 0, _invite.Length);
        // Once around, so that no page is new any more.
        while (_ring.Overwritten == 0) OneMessage();
        _position = _ring.Published;
    }

    [Benchmark]
    public long OneMessage()
    {
        _trace.Received(_message, _flow, new ReceivedAt(1, 1));
        _trace.EndTurn();
        return _ring.Messages;
    }

    [Benchmark]
    public int OneMessageRead()
    {
        OneMessage();
        // The first turn stands behind what the set-up wrote.
        if (_ring.Published - _position > 8192) _position = _ring.Published;
        while (_position < _ring.Published && _ring.TryReadHeader(ref _position, out var entry))
        {
            if (!_ring.TryReadPayload(_position, entry, _buffer)) break;
            _position = TraceRing.Next(_position, entry);
        }
        return _buffer[0];
    }
}
