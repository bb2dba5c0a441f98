using System.Text;
using CallTracker.Calls.Protection;
using CallTracker.Core.Memory;
using CallTracker.Core.Time;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>What a worker does with a batch before it reads it closely.</summary>
[Collection(nameof(TwoWorkers))]
public sealed class OverloadGateTests : IDisposable
{
    private static readonly string[] Messages =
    [
        "INVITE sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n", "BYE sip:a@b SIP/2.0\r\n", "CANCEL sip:a@b SIP/2.0\r\n",
        "SIP/2.0 200 OK\r\n", "INVITE sip:a@b SIP/2.0\r\nTo: <sip:a@b>;tag=ct00\r\n", "ACK sip:a@b SIP/2.0\r\n",
    ];
    private static readonly CallSpread s_shared = new(2, gathers: false);
    private readonly TwoWorkers _node = new(TwoWorkers.At(5071), TwoWorkers.At(5080), overloadTargetMs: 50);
    private readonly DatagramPool _pool = new(16, 2048);
    private readonly SystemClock _clock = new();

    [Fact]
    public void Batch_WithoutOverload_KeepsItsOrder()
    {
        var gate = new OverloadGate(_node.Engine(0), _clock, 0, s_shared);
        Arranged(gate).ShouldBe(Messages);
    }

    [Fact]
    public void Batch_UnderOverload_HasNewCallsLastInTheirOrder()
    {
        var gate = new OverloadGate(_node.Engine(0), _clock, 0, s_shared);
        Overload(gate);
        Arranged(gate).ShouldBe(
            [Messages[1], Messages[3], Messages[4], Messages[5], Messages[0], Messages[2]]);
    }

    [Fact]
    public void Invite_OfAnotherWorkersCall_IsLeftToThatWorker()
    {
        var gate = new OverloadGate(_node.Engine(0), _clock, 0, s_shared);
        Overload(gate);
        var own = 0;
        for (var call = 0; call < 100; call++)
        {
            var datagram = Datagram(Invite(call));
            var message = new SipMessage();
            message.Parse(datagram.Buffer, datagram.Offset, datagram.Length).ShouldBe(SipParseResult.Ok);
            var flow = new SipFlow(SipTransportKind.Udp, 0, 0, TwoWorkers.At(5071));
            var isDone = gate.TryShed(datagram, flow, isOwn: false, out var elsewhere);
            if (isDone && elsewhere.First == 0) own++;
            elsewhere.ShouldBe(MessageOwner.Find(message, s_shared));
            if (elsewhere.First == 1) isDone.ShouldBeTrue();
            _pool.Return(datagram);
        }
        own.ShouldBeInRange(25, 75);
    }

    public void Dispose() => _node.Dispose();

    private static string Invite(int call) =>
        $"INVITE sip:0120000001@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK-{call};rport\r\n" +
        $"Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=f\r\nTo: <sip:0120000001@b>\r\nCall-ID: over-{call}\r\n" +
        "CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1>\r\nContent-Length: 0\r\n\r\n";

    // The workers run beside this thread, but nothing reaches them: their engines stand still but for the clock.
    private void Overload(OverloadGate gate)
    {
        var datagram = Datagram("x");
        datagram.At = new ReceivedAt(0, _clock.UnixMs - 5_000);
        for (var i = 0; i < 40 && !IsShut(); i++)
        {
            gate.Observe(datagram, InputQueue.Socket);
            // The gate reads the real clock, and intervals of 100 ms have to end.
            Thread.Sleep(30);
        }
        _pool.Return(datagram);
        _node.Engine(0).Admission.IsShedding.ShouldBeTrue();
    }

    private bool IsShut() => _node.Engine(0).Admission.Share < 0.05;

    private string[] Arranged(OverloadGate gate)
    {
        Datagram[] batch = [.. Messages.Select(Datagram)];
        gate.Arrange(batch);
        var texts = batch.Select(d => Encoding.ASCII.GetString(d.Bytes)).ToArray();
        foreach (var datagram in batch) _pool.Return(datagram);
        return texts;
    }

    private Datagram Datagram(string text)
    {
        var datagram = _pool.TryRent()!;
        datagram.Length = Encoding.ASCII.GetBytes(text, datagram.Buffer.AsSpan(datagram.Offset));
        return datagram;
    }
}
