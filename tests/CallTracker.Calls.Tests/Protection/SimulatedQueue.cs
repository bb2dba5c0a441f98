using CallTracker.Calls.Protection;

namespace CallTracker.Calls.Tests.Protection;

/// <summary>
/// One worker as a queue with one server: INVITEs arrive at random, each taken call brings five more messages over its
/// life, each message costs its share of a call's time, a refused INVITE and its ACK cost little, and an INVITE that is
/// not answered within 500 ms, 1.5 s or 3.5 s is repeated (RFC 3261 timer A). Time is simulated; the seed repeats a
/// run.
/// </summary>
internal sealed class SimulatedQueue(int seed, double callMs, double refusalMs, double holdMs, int targetMs)
{
    // How a call's time is shared among INVITE, 180, 200, ACK, BYE and its 200.
    private static readonly double[] Shares = [0.40, 0.12, 0.20, 0.08, 0.14, 0.06];
    private static readonly double[] RepeatsMs = [500, 1500, 3500];
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Message, double> _arrivals = new();
    private readonly Dictionary<int, bool> _decided = [];
    private double _nowMs;
    private double _nextInviteMs;
    private int _lastCall;

    public AdmissionControl Admission { get; } = new(targetMs);

    /// <summary>Calls that went through all their messages.</summary>
    public int Completed { get; private set; }

    public int Refused { get; private set; }

    /// <summary>INVITEs that came again although their call was decided.</summary>
    public int Repeated { get; private set; }

    /// <summary>The longest wait of a message of a running call.</summary>
    public double InDialogDelayMsMax { get; set; }

    /// <summary>Offers this many calls a second for a while.</summary>
    public void Run(double callsPerSecond, double forMs)
    {
        var endMs = _nowMs + forMs;
        _nextInviteMs = Math.Max(_nextInviteMs, _nowMs) + Gap(callsPerSecond);
        while (_nowMs < endMs)
        {
            while (_nextInviteMs <= _nowMs) OfferCall(callsPerSecond);
            if (_arrivals.TryPeek(out _, out var dueMs) && dueMs <= _nowMs) Handle(_arrivals.Dequeue());
            else _nowMs = Math.Min(endMs, NextEventMs());
            Admission.Advance((long)_nowMs);
        }
    }

    private double NextEventMs() =>
        _arrivals.TryPeek(out _, out var dueMs) ? Math.Min(dueMs, _nextInviteMs) : _nextInviteMs;

    private double Gap(double callsPerSecond) => -Math.Log(1 - _random.NextDouble()) * 1000 / callsPerSecond;

    private void OfferCall(double callsPerSecond)
    {
        var call = ++_lastCall;
        Arrive(new Message(call, 0, IsRepeat: false), _nextInviteMs);
        foreach (var afterMs in RepeatsMs) Arrive(new Message(call, 0, IsRepeat: true), _nextInviteMs + afterMs);
        _nextInviteMs += Gap(callsPerSecond);
    }

    private void Arrive(Message message, double atMs) => _arrivals.Enqueue(message with { AtMs = atMs }, atMs);

    private void Handle(Message message)
    {
        // A repetition is sent only when the first one was not answered by then.
        if (message.IsRepeat && _decided.ContainsKey(message.Call)) return;
        Admission.Observe((long)(_nowMs - message.AtMs), (long)_nowMs);
        if (message.Step == 0) Decide(message);
        else Continue(message);
    }

    private void Decide(Message invite)
    {
        if (_decided.TryGetValue(invite.Call, out _))
        {
            Repeated++;
            _nowMs += refusalMs;
            return;
        }
        var mark = (uint)((uint)invite.Call * 2_654_435_761u);
        _decided[invite.Call] = Admission.Admits(mark);
        if (!_decided[invite.Call])
        {
            Refused++;
            _nowMs += refusalMs;
            return;
        }
        _nowMs += callMs * Shares[0];
        Arrive(invite with { Step = 1, IsRepeat = false }, _nowMs + 20);
    }

    private void Continue(Message message)
    {
        InDialogDelayMsMax = Math.Max(InDialogDelayMsMax, _nowMs - message.AtMs);
        _nowMs += callMs * Shares[message.Step];
        if (message.Step == Shares.Length - 1)
        {
            Completed++;
            return;
        }
        var waitMs = message.Step == 3 ? holdMs : 20;
        Arrive(message with { Step = message.Step + 1 }, _nowMs + waitMs);
    }

    private readonly record struct Message(int Call, int Step, bool IsRepeat, double AtMs = 0);
}
