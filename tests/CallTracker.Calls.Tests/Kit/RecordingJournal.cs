using System.Text;
using CallTracker.Calls.Model;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>Keeps a copy of every entry, and checks that each start has one end.</summary>
internal sealed class RecordingJournal : ICallJournal
{
    public bool IsWritable { get; set; } = true;

    public List<JournalEntry> Entries { get; } = [];

    public IEnumerable<JournalEntry> Ends => Entries.Where(e => e.Kind == "end");

    public void Started(CallFacts facts) => Add("start", facts);

    public void Answered(CallFacts facts) => Add("answer", facts);

    public void Ended(CallFacts facts) => Add("end", facts);

    private void Add(string kind, CallFacts facts) => Entries.Add(new JournalEntry(
        kind, Encoding.ASCII.GetString(facts.TrnId), facts.Called.ToString(), facts.Caller.ToString(), facts.Outcome,
        facts.EndedBy, facts.Reason, facts.SipCode, facts.DinUnixMs, facts.FwdUnixMs, facts.TstUnixMs, facts.EocUnixMs,
        facts.CallerWithheld, facts.CallerPayphone,
        [.. facts.Attempts.ToArray().Select(a => $"{a.Target}:{a.SipCode}:{a.Trunk?.Id}")],
        facts.InboundTrunk?.Id ?? "", facts.InboundMedia, facts.OutboundMedia, facts.Stir,
        facts.MediaFault, facts.Recording, facts.MediaMode));
}
