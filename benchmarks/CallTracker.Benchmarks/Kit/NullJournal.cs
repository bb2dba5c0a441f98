using CallTracker.Calls.Model;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Counts ended calls and keeps nothing.</summary>
internal sealed class NullJournal : ICallJournal
{
    public bool IsWritable => true;

    public int Ends { get; private set; }

    public void Started(CallFacts facts)
    {
    }

    public void Answered(CallFacts facts)
    {
    }

    public void Ended(CallFacts facts) => Ends++;
}
