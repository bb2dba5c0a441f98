using System.Diagnostics;
using System.Globalization;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.LoadTests.Sip;

/// <summary>The party that places the calls: INVITE, ACK, BYE, and UDP's repetitions. The driver's thread.</summary>
internal sealed class CallerSide
{
    private const int T1Ms = 500;
    private const int ByeRepetitionsMax = 6;
    private readonly CallPlan _plan;
    private readonly TimerWheel _wheel;
    private readonly int _socket;
    private readonly string _run = Stopwatch.GetTimestamp().ToString("x", CultureInfo.InvariantCulture);
    private readonly CallerCall[] _calls;
    private bool _hangsUpAtOnce;

    public CallerSide(CallPlan plan, TimerWheel wheel, int socket)
    {
        (_plan, _wheel, _socket) = (plan, wheel, socket);
        _calls = new CallerCall[plan.Count];
        for (var i = 0; i < _calls.Length; i++) _calls[i] = new CallerCall();
    }

    public IReadOnlyList<CallerCall> Calls => _calls;

    /// <summary>Calls whose INVITE has its final answer, or none in time.</summary>
    public int SettledCount { get; private set; }

    /// <summary>Calls that are over.</summary>
    public int EndedCount { get; private set; }

    public void Start(int index, long nowMs)
    {
        var call = _calls[index];
        call.State = CallerState.Calling;
        call.SentAt = Stopwatch.GetTimestamp();
        call.Invite = Encoding.ASCII.GetBytes(WriteInvite(index));
        Send(call.Invite);
        var timer = _plan.RepeatsInvite ? PartyTimer.RepeatInvite : PartyTimer.GiveUp;
        var delayMs = _plan.RepeatsInvite ? T1Ms : _plan.AnswerMsMax;
        call.Timer = _wheel.Schedule(nowMs, delayMs, (ushort)timer, index);
    }

    public void Receive(SipText message, in IpEndpoint from, long nowMs)
    {
        if (!message.IsResponse) AnswerRequest(message, from);
        else if (TryFind(message.CallId, out var index)) TakeResponse(message, index, nowMs);
    }

    public void OnTimer(PartyTimer timer, int index, long nowMs)
    {
        var call = _calls[index];
        if (timer == PartyTimer.HangUp) HangUp(index, nowMs);
        else if (timer == PartyTimer.RepeatBye) RepeatBye(index, nowMs);
        else if (timer == PartyTimer.GiveUp || ElapsedMs(call) >= _plan.AnswerMsMax)
            Settle(call, CallerState.Failed, 0);
        else RepeatInvite(index, nowMs);
    }

    /// <summary>Ends the calls that are held; those that come up later at once.</summary>
    public void HangUpAll(long nowMs)
    {
        _hangsUpAtOnce = true;
        for (var i = 0; i < _calls.Length; i++)
        {
            if (_calls[i].State != CallerState.Up) continue;
            _wheel.Cancel(ref _calls[i].Timer);
            // Spread, so that the end is no burst.
            _calls[i].Timer = _wheel.Schedule(nowMs, (long)(i * 1000 / _plan.RatePerSec), (ushort)PartyTimer.HangUp, i);
        }
    }

    private void TakeResponse(SipText message, int index, long nowMs)
    {
        var call = _calls[index];
        var method = message.CSeqMethod;
        if (method == "INVITE" && message.StatusCode < 200) call.HasProvisional = true;
        else if (method == "INVITE" && message.StatusCode < 300) TakeOk(message, call, index, nowMs);
        else if (method == "INVITE") TakeRefusal(message, call);
        else if (method == "BYE" && message.StatusCode >= 200 && call.State == CallerState.HangingUp)
            End(call, message.StatusCode < 300 ? CallerState.Done : CallerState.Broken);
    }

    private void TakeOk(SipText message, CallerCall call, int index, long nowMs)
    {
        if (call.State == CallerState.Calling)
        {
            call.AnswerMs = ElapsedMs(call);
            call.WasAnswered = true;
            (call.To, call.Target) = (message.Header("To"), message.ContactUri);
            call.RelayMedia = PartySdp.ReadMedia(message);
            call.Ack = WriteInDialog(index, "ACK", 1);
            Settle(call, CallerState.Up, message.StatusCode);
            if (_hangsUpAtOnce || _plan.HoldMs != CallPlan.HoldForever)
            {
                var holdMs = _hangsUpAtOnce ? 0 : _plan.HoldMs;
                call.Timer = _wheel.Schedule(nowMs, holdMs, (ushort)PartyTimer.HangUp, index);
            }
        }
        if (call.Ack.Length > 0) Send(Encoding.ASCII.GetBytes(call.Ack));
    }

    private void TakeRefusal(SipText message, CallerCall call)
    {
        Send(Encoding.ASCII.GetBytes(WriteAckToRefusal(call, message)));
        if (call.State == CallerState.Calling) Settle(call, CallerState.Failed, message.StatusCode);
    }

    private void Settle(CallerCall call, CallerState state, int code)
    {
        _wheel.Cancel(ref call.Timer);
        (call.State, call.FinalCode) = (state, code);
        SettledCount++;
        if (state == CallerState.Failed) EndedCount++;
    }

    private void End(CallerCall call, CallerState state)
    {
        _wheel.Cancel(ref call.Timer);
        call.State = state;
        EndedCount++;
    }

    private void RepeatInvite(int index, long nowMs)
    {
        var call = _calls[index];
        // After a provisional answer the server repeats, not the client (RFC 3261 section 17.1.1.2).
        if (!call.HasProvisional) Send(call.Invite);
        call.Repetitions++;
        var delayMs = Math.Min(T1Ms << call.Repetitions, 4000);
        call.Timer = _wheel.Schedule(nowMs, delayMs, (ushort)PartyTimer.RepeatInvite, index);
    }

    private void HangUp(int index, long nowMs)
    {
        var call = _calls[index];
        call.State = CallerState.HangingUp;
        call.Repetitions = 0;
        Send(Encoding.ASCII.GetBytes(WriteInDialog(index, "BYE", 2)));
        call.Timer = _wheel.Schedule(nowMs, T1Ms, (ushort)PartyTimer.RepeatBye, index);
    }

    private void RepeatBye(int index, long nowMs)
    {
        var call = _calls[index];
        if (++call.Repetitions > ByeRepetitionsMax)
        {
            End(call, CallerState.Broken);
            return;
        }
        Send(Encoding.ASCII.GetBytes(WriteInDialog(index, "BYE", 2)));
        call.Timer = _wheel.Schedule(nowMs, T1Ms << Math.Min(call.Repetitions, 3), (ushort)PartyTimer.RepeatBye, index);
    }

    private void AnswerRequest(SipText request, in IpEndpoint from)
    {
        if (request.Method == "ACK") return;
        Send(Encoding.ASCII.GetBytes(PartyReply.Write(request, 200, "OK")), from);
        var isEnd = request.Method == "BYE" && TryFind(request.CallId, out var index)
            && _calls[index].State == CallerState.Up;
        if (isEnd && TryFind(request.CallId, out var ended)) End(_calls[ended], CallerState.Broken);
    }

    private bool TryFind(string callId, out int index)
    {
        index = -1;
        var end = callId.IndexOf('-');
        return end > 1 && callId[(end + 1)..].StartsWith(_run, StringComparison.Ordinal)
            && int.TryParse(callId.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && index < _calls.Length && _calls[index].State != CallerState.NotStarted;
    }

    private string WriteInvite(int i)
    {
        var body = PartySdp.Write(PartySdp.FarEnd(2 * i, _plan.MediaPort));
        return $"INVITE sip:{_plan.Number}@{_plan.Node} SIP/2.0\r\n{Via(i, 1)}Max-Forwards: 70\r\n" +
            $"From: {From(i)}\r\nTo: <sip:{_plan.Number}@{_plan.Node}>\r\nCall-ID: {CallId(i)}\r\nCSeq: 1 INVITE\r\n" +
            $"Contact: <sip:load@{_plan.Caller}>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n" +
            $"Content-Type: application/sdp\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private string WriteInDialog(int i, string method, int cseq) =>
        $"{method} {_calls[i].Target} SIP/2.0\r\n{Via(i, method == "ACK" ? 3 : 2)}Max-Forwards: 70\r\n" +
        $"From: {From(i)}\r\nTo: {_calls[i].To}\r\nCall-ID: {CallId(i)}\r\n" +
        $"CSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n";

    // The ACK to a refusal belongs to the INVITE's transaction and has its branch (RFC 3261 section 17.1.1.3).
    private static string WriteAckToRefusal(CallerCall call, SipText refusal)
    {
        var invite = new SipText(call.Invite);
        var uri = Encoding.ASCII.GetString(call.Invite).Split(' ')[1];
        return $"ACK {uri} SIP/2.0\r\nVia: {invite.Header("Via")}\r\nMax-Forwards: 70\r\n" +
            $"From: {invite.Header("From")}\r\nTo: {refusal.Header("To")}\r\nCall-ID: {invite.CallId}\r\n" +
            "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n";
    }

    private string Via(int i, int request) =>
        $"Via: SIP/2.0/UDP {_plan.Caller};branch=z9hG4bK{_run}.{i}.{request};rport\r\n";

    private string From(int i) => $"<sip:{_plan.CallerNumber(i)}@{_plan.Caller}>;tag=f{i}";

    private string CallId(int i) => $"c{i}-{_run}@load";

    private static double ElapsedMs(CallerCall call) => Stopwatch.GetElapsedTime(call.SentAt).TotalMilliseconds;

    private void Send(byte[] message) => Send(message, _plan.Node);

    // A full socket buffer loses the message, as a network does; the repetitions are for that.
    private void Send(byte[] message, in IpEndpoint to) => UdpSocket.SendTo(_socket, message, to);
}
