using CallTracker.Calls.Model;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Counts entries; one per worker.</summary>
internal sealed class CountingJournal : ICallJournal
{
    private int _ended;

    public bool IsWritable => true;

    public int Ended => Volatile.Read(ref _ended);

    public void Started(CallFacts facts)
    {
    }

    public void Answered(CallFacts facts)
    {
    }

    void ICallJournal.Ended(CallFacts facts) => Interlocked.Increment(ref _ended);
}
