using CallTracker.Core.Net;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;
using CallTracker.TestKit;

namespace CallTracker.Sip.Tests.Support;

/// <summary>
/// A small user agent on a real transaction layer: places, answers, refuses, cancels and ends calls by a seeded plan
/// over a
/// <see cref="SimulatedNetwork"/>.
/// </summary>
internal sealed class SimulatedAgent
{
    // A caller does not wait for ever: when every copy of the final response was lost, nothing else ends its INVITE.
    private const int RingMsMax = 120_000;
    private readonly int _number;
    private readonly Random _random;
    private readonly FakeClock _clock;
    private readonly SipTokens _tokens;
    private readonly SipMessage _message = new();
    private readonly PriorityQueue<Action, long> _plans = new();
    private readonly byte[] _buffer = new byte[4096];

    public SimulatedAgent(int number, int seed, SimulatedNetwork network, FakeClock clock)
    {
        _number = number;
        _random = new Random(seed);
        _clock = clock;
        _tokens = new SipTokens((byte)number, (ulong)seed);
        Flow = new SipFlow(SipTransportKind.Udp, 0, 0, IpEndpoint.FromIpv4(0x0A00_0000 + (uint)(1 - number), 5060));
        Layer = new TransactionLayer<SimulatedUser, SimulatedTransport>(
            new SimulatedUser(this), new SimulatedTransport(network, clock, number), LayerRig.Small(), (byte)number,
            (ulong)seed, clock.NowMs);
    }

    public TransactionLayer<SimulatedUser, SimulatedTransport> Layer { get; }

    public List<SimulatedCall> Calls { get; } = [];

    /// <summary>To the other side.</summary>
    public SipFlow Flow { get; }

    public bool IsQuiet => _plans.Count == 0 && Layer.Counters.Active == 0 && Layer.Counters.Lingering == 0;

    public long NextDelayMs()
    {
        var layerMs = Layer.NextDelayMs(_clock.NowMs);
        if (!_plans.TryPeek(out _, out var dueMs)) return layerMs;
        var planMs = Math.Max(0, dueMs - _clock.NowMs);
        return layerMs < 0 ? planMs : Math.Min(layerMs, planMs);
    }

    public void Turn()
    {
        Layer.Advance(_clock.NowMs);
        while (_plans.TryPeek(out var plan, out var dueMs) && dueMs <= _clock.NowMs)
        {
            _plans.Dequeue();
            plan();
        }
    }

    public void Receive(byte[] bytes)
    {
        if (_message.Parse(bytes, 0, bytes.Length) != SipParseResult.Ok)
            throw new InvalidOperationException($"{_message.Result}: {Wire.Text(bytes)}");
        Layer.Receive(_message, Flow, _clock.At);
    }

    public void Plan(int delayMsMax, Action what) => _plans.Enqueue(what, _clock.NowMs + _random.Next(delayMsMax));

    public void PlaceCall()
    {
        var call = new SimulatedCall { Plan = _random.Next(4) };
        Calls.Add(call);
        Span<byte> callId = stackalloc byte[64];
        Span<byte> tag = stackalloc byte[64];
        call.Dialog.InitUac(
            _tokens.WriteCallId(callId), _tokens.WriteTag(tag), "<sip:a@10.0.0.0>"u8, "<sip:b@10.0.0.1>"u8,
            "sip:b@10.0.0.1"u8);
        call.Invite = Start(call, SipMethod.Invite);
        if (call.Plan == 0) Plan(4_000, () => Layer.StartCancel(call.Invite, _clock.NowMs));
        _plans.Enqueue(() => Layer.StartCancel(call.Invite, _clock.NowMs), _clock.NowMs + RingMsMax);
    }

    public void OnRequest(TransactionHandle tx, SipMessage request)
    {
        if (request.Method == SipMethod.Invite) Ring(tx, request);
        else AnswerInDialog(tx, request);
    }

    public void OnAck(SipMessage ack)
    {
        if (Find(ack) is not { } call) return;
        Layer.ConfirmAck(call.Invite);
        // Sometimes the callee hangs up as well, at the same time as the caller.
        if (call.Plan == 1 && call.EndCount == 0) Plan(3_000, () => HangUp(call));
    }

    public void OnCancel(int user)
    {
        var call = Calls[user];
        call.IsAnswered = true;
        Respond(call, 487);
        call.End("cancelled");
    }

    public void OnResponse(int user, SipMessage response)
    {
        var call = Calls[user];
        if (response.CSeqMethod == SipMethod.Bye) return;
        call.Dialog.OnResponse(response);
        if (response.StatusCode >= 300) call.End(response.StatusCode == 487 ? "cancelled" : "refused");
        if (response.StatusCode is < 200 or >= 300) return;
        var writer = new SipWriter(_buffer);
        Span<byte> branch = stackalloc byte[64];
        call.Dialog.WriteAck(ref writer, SipTransportKind.Udp, Here, _tokens.WriteBranch(branch));
        writer.NoBody();
        Layer.SendAck(call.Invite, writer.Written);
        Plan(5_000, () => HangUp(call));
    }

    public void OnTimeout(int user, SipTimeout which)
    {
        var call = Calls[user];
        if (which == SipTimeout.NoAckTo2xx) HangUp(call);
        else if (which is SipTimeout.NoResponseToInvite or SipTimeout.NoFinalResponseAfterCancel) call.End("timeout");
    }

    private IpEndpoint Here => IpEndpoint.FromIpv4(0x0A00_0000 + (uint)_number, 5060);

    private void Ring(TransactionHandle tx, SipMessage request)
    {
        var call = new SimulatedCall { Plan = _random.Next(4), Invite = tx, Request = Wire.Text(request.Bytes) };
        Span<byte> tag = stackalloc byte[64];
        call.Dialog.InitUas(request, _tokens.WriteTag(tag));
        Layer.SetUser(tx, Calls.Count);
        Calls.Add(call);
        Layer.RespondTrying(tx, request, Flow, _clock.NowMs);
        Plan(1_000, () => RespondWhileRinging(call, 180));
        Plan(6_000, () => Answer(call));
    }

    private void Answer(SimulatedCall call)
    {
        if (call.IsAnswered) return;
        RespondWhileRinging(call, call.Plan == 0 ? 486 : 200);
        call.IsAnswered = true;
        if (call.Plan == 0) call.End("refused");
        else call.Dialog.ConfirmUas();
    }

    private void RespondWhileRinging(SimulatedCall call, int code)
    {
        if (!call.IsAnswered) Respond(call, code);
    }

    private void AnswerInDialog(TransactionHandle tx, SipMessage request)
    {
        var call = Find(request);
        var code = call?.Dialog.CheckRequest(request) == SipDialogCheck.Ok ? 200 : 481;
        var writer = new SipWriter(_buffer);
        writer.WriteRefusal(request, code, default, Flow.Remote);
        Layer.Respond(tx, writer.Written, _clock.NowMs);
        if (call is null || request.Method != SipMethod.Bye) return;
        // A BYE says that the ACK was on its way, too.
        Layer.ConfirmAck(call.Invite);
        call.End("ended");
    }

    private void Respond(SimulatedCall call, int code)
    {
        var writer = new SipWriter(_buffer);
        writer.WriteResponse(Wire.Parse(call.Request), code, default, call.Dialog.LocalTag, Flow.Remote);
        writer.Header(SipHeaderKind.Contact, "<sip:b@10.0.0.1>"u8);
        writer.NoBody();
        Layer.Respond(call.Invite, writer.Written, _clock.NowMs);
    }

    private void HangUp(SimulatedCall call)
    {
        if (call.EndCount > 0) return;
        call.End("ended");
        Layer.ConfirmAck(call.Invite);
        Start(call, SipMethod.Bye);
    }

    private TransactionHandle Start(SimulatedCall call, SipMethod method)
    {
        var writer = new SipWriter(_buffer);
        Span<byte> branch = stackalloc byte[64];
        call.Dialog.WriteRequest(ref writer, method, SipTransportKind.Udp, Here, _tokens.WriteBranch(branch));
        writer.Header(SipHeaderKind.Contact, "<sip:a@10.0.0.0>"u8);
        writer.NoBody();
        return Layer.StartRequest(writer.Written, method, Flow, Calls.IndexOf(call), _clock.NowMs);
    }

    private SimulatedCall? Find(SipMessage message)
    {
        foreach (var call in Calls)
        {
            if (message.CallId.SequenceEqual(call.Dialog.CallId)) return call;
        }
        return null;
    }
}
