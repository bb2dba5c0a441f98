using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Trunks;

/// <summary>
/// Asks trunks by OPTIONS whether they live: each address by one worker of the node, at its trunk's interval, spread in
/// time; at once and quickly when a call found it silent, and every second while it is down. Answers of any kind but
/// 408 and 503 are signs of life. Worker thread only.
/// </summary>
internal sealed class TrunkProber(CallEngine engine, int workerCount)
{
    /// <summary>How often what is due is looked for.</summary>
    private const int TurnMs = 100;
    /// <summary>How long an answer may take while nothing is wrong.</summary>
    private const int PatienceMs = 1_500;
    /// <summary>How long it may take once a failure was seen; the next OPTIONS follows at once.</summary>
    private const int SuspectMs = 700;
    /// <summary>Calls that find it silent again and again do not make more OPTIONS than this.</summary>
    private const int SuspectGapMs = 500;
    /// <summary>Between two OPTIONS to an address that is down, and how long each may take.</summary>
    private const int DownMs = 1_000;
    /// <summary>After an answered OPTIONS of an address that is down: one more decides.</summary>
    private const int ConfirmMs = 300;
    private readonly Dictionary<EndpointHealth, TrunkProbe> _probes = [];
    private readonly Dictionary<ulong, TrunkProbe> _waiting = [];
    private readonly List<TrunkProbe> _order = [];
    private TrunkTable? _table;
    private long _turnMs;
    private int _round;

    /// <summary>Sends what is due and gives up what was not answered.</summary>
    public void Advance(in ReceivedAt at)
    {
        if (workerCount == 0 || at.NowMs < _turnMs) return;
        _turnMs = at.NowMs + TurnMs;
        if (_table != engine.Routes.Trunks) Follow(engine.Routes.Trunks, at);
        foreach (var probe in _order)
        {
            if (probe.IsWaiting && at.NowMs >= probe.DeadlineMs) GiveUp(probe, at);
            if (!probe.IsWaiting && IsDue(probe, at)) Send(probe, at);
        }
    }

    /// <summary>True when the response answers an OPTIONS of ours.</summary>
    public bool TryTake(SipMessage response)
    {
        if (response.CSeqMethod != SipMethod.Options) return false;
        if (!_waiting.Remove(TrunkDraw.TokenOf(response.TopVia.Branch), out var probe)) return false;
        var nowMs = engine.Turn.NowMs;
        probe.DeadlineMs = 0;
        if (response.StatusCode is 408 or 503)
        {
            Fail(probe, nowMs);
            return true;
        }
        probe.Health.OnProbeAnswered();
        probe.DueMs = nowMs + (probe.Health.IsDown ? ConfirmMs : probe.Trunk.ProbeSec * 1000L);
        return true;
    }

    private static bool IsDue(TrunkProbe probe, in ReceivedAt at) =>
        at.NowMs >= probe.DueMs || (probe.Health.IsSuspect && at.NowMs >= probe.SentMs + SuspectGapMs);

    private void Send(TrunkProbe probe, in ReceivedAt at)
    {
        probe.SentMs = at.NowMs;
        var isSent = ProbeRequest.TrySend(engine, probe.Trunk, probe.Endpoint, out var branch);
        if (!isSent)
        {
            Fail(probe, at.NowMs);
            return;
        }
        var patienceMs = probe.Health.IsDown ? DownMs : probe.Health.IsSuspect ? SuspectMs : PatienceMs;
        (probe.Branch, probe.DeadlineMs) = (branch, at.NowMs + patienceMs);
        _waiting[branch] = probe;
    }

    private void GiveUp(TrunkProbe probe, in ReceivedAt at)
    {
        Forget(probe);
        Fail(probe, at.NowMs);
        // The wait was the interval.
        probe.DueMs = at.NowMs;
    }

    private static void Fail(TrunkProbe probe, long nowMs)
    {
        probe.Health.OnFailure(nowMs);
        probe.DueMs = nowMs + DownMs;
    }

    private void Forget(TrunkProbe probe)
    {
        _waiting.Remove(probe.Branch);
        probe.DeadlineMs = 0;
    }

    // A new table: what it names is probed, at the time it had; what it does not name any more is forgotten.
    private void Follow(TrunkTable table, in ReceivedAt at)
    {
        _table = table;
        _round++;
        foreach (var trunk in table.All)
        {
            if (trunk.ProbeSec == 0) continue;
            foreach (var endpoint in trunk.Endpoints)
            {
                if (endpoint.Mark % (ulong)workerCount == engine.Worker) Follow(trunk, endpoint, at);
            }
        }
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            if (_order[i].Round == _round) continue;
            Forget(_order[i]);
            _probes.Remove(_order[i].Health);
            _order.RemoveAt(i);
        }
    }

    private void Follow(Trunk trunk, TrunkEndpoint endpoint, in ReceivedAt at)
    {
        if (!_probes.TryGetValue(endpoint.Health, out var probe))
        {
            // Spread over the interval, or a thousand trunks would be asked in the same instant after a start.
            var delayMs = (long)(TrunkDraw.Of(0, endpoint.Mark, 1) * 1_000_000) % (trunk.ProbeSec * 1000L);
            probe = new TrunkProbe { Health = endpoint.Health, DueMs = at.NowMs + delayMs };
            _probes.Add(endpoint.Health, probe);
            _order.Add(probe);
        }
        var intervalMs = trunk.ProbeSec * 1000L;
        (probe.Trunk, probe.Endpoint, probe.Round) = (trunk, endpoint, _round);
        probe.DueMs = Math.Min(probe.DueMs, at.NowMs + intervalMs);
    }
}
