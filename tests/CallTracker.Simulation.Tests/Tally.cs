using System.Diagnostics;
using CallTracker.Calls.Model;
using CallTracker.Simulation.Tests.Agents;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests;

/// <summary>What the seeds of a run came to. Shared by its lanes.</summary>
internal sealed class Tally
{
    private const int FailuresMax = 3;
    private readonly Lock _lock = new();
    private readonly long[] _outcomes = new long[256];
    private readonly long[] _reasons = new long[256];
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _seeds;
    private long _messages;
    private long _failovers;
    private long _redirections;
    private long _proofs;
    private long _referrals;
    private long _direct;

    public List<string> Failures { get; } = [];

    /// <summary>Enough failures to look at.</summary>
    public bool IsFull => Failures.Count >= FailuresMax;

    public void Add(SimWorld world)
    {
        lock (_lock)
        {
            _seeds++;
            _messages += world.SentCount;
            _failovers += world.Engine.Counters.TrunkFailovers;
            _redirections += world.Shops.Sum(shop => shop.RedirectedCount);
            _proofs += world.Shops.Sum(shop => shop.Guard.ProvedCount);
            _referrals += world.Carrier.ClientTransactions.Count(IsRefused);
            _direct += world.Engine.Counters.AnsweredDirect;
            foreach (var record in world.Journal.Records)
            {
                _outcomes[(int)record.Outcome]++;
                _reasons[(int)record.Reason]++;
            }
        }
    }

    public void AddFailure(string text)
    {
        lock (_lock) Failures.Add(text);
    }

    public IEnumerable<CallOutcome> OutcomesMissing() =>
        Enum.GetValues<CallOutcome>().Where(outcome => _outcomes[(int)outcome] == 0);

    /// <summary>Ways to end that agents can bring about and that did not come up.</summary>
    public IEnumerable<EndReason> ReasonsMissing() => Enum.GetValues<EndReason>()
        .Except([EndReason.None, EndReason.Loop, EndReason.NodeRestart, EndReason.DestinationForbidden])
        .Except([EndReason.CallerUnverified])
        .Where(reason => _reasons[(int)reason] == 0);

    /// <summary>What engine and agents were made to do and never did.</summary>
    public IEnumerable<string> DeedsMissing()
    {
        if (_failovers == 0) yield return "fail-over to another trunk";
        if (_redirections == 0) yield return "3xx followed";
        if (_proofs == 0) yield return "challenge answered";
        if (_referrals == 0) yield return "REFER refused";
        if (_direct == 0) yield return "a call of direct media";
    }

    private static bool IsRefused(ClientTransaction tx) => tx is { Request.Method: "REFER", FinalCode: 603 };

    public override string ToString()
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var reasons = string.Join(", ", Enum.GetValues<EndReason>().Select(r => $"{r} {_reasons[(int)r]}"));
        var outcomes = string.Join(", ", Enum.GetValues<CallOutcome>().Select(o => $"{o} {_outcomes[(int)o]}"));
        var deeds = $"{_failovers} fail-overs, {_redirections} redirections, {_proofs} digests, {_referrals} REFERs, "
            + $"{_direct} direct";
        return $"{_seeds} seeds, {_messages} messages, {_seeds / seconds:F0} seeds/s, {deeds}\n{outcomes}\n{reasons}";
    }
}
