using System.Text;
using CallTracker.Calls.Model;

namespace CallTracker.Simulation.Tests.World;

/// <summary>Keeps the records of a seed by their 処理ID. Owned by its <see cref="SimWorld"/>.</summary>
internal sealed class SimJournal : ICallJournal
{
    private readonly Dictionary<string, SimRecord> _records = [];

    public bool IsWritable { get; set; } = true;

    public IReadOnlyCollection<SimRecord> Records => _records.Values;

    public void Started(CallFacts facts) => Copy(facts).Starts++;

    public void Answered(CallFacts facts) => Copy(facts).Answers++;

    public void Ended(CallFacts facts) => Copy(facts).Ends++;

    private SimRecord Copy(CallFacts facts)
    {
        var id = Encoding.ASCII.GetString(facts.TrnId);
        if (!_records.TryGetValue(id, out var record)) _records[id] = record = new SimRecord { TrnId = id };
        record.Caller = facts.Caller.ToString();
        (record.Outcome, record.EndedBy, record.Reason) = (facts.Outcome, facts.EndedBy, facts.Reason);
        (record.DinMs, record.FwdMs) = (facts.DinUnixMs, facts.FwdUnixMs);
        (record.TstMs, record.EocMs, record.SipCode) = (facts.TstUnixMs, facts.EocUnixMs, facts.SipCode);
        record.AttemptCount = 0;
        foreach (ref readonly var attempt in facts.Attempts) record.AttemptCount += attempt.Trunk is null ? 0 : 1;
        return record;
    }
}
