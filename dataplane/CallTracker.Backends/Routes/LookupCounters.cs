namespace CallTracker.Backends.Routes;

/// <summary>
/// Look-ups that the cache could and could not answer. Each worker counts in a cache line of its own.
/// </summary>
internal sealed class LookupCounters
{
    private const int LineLength = 8;
    private readonly long[] _counts = new long[(RouteAsk.WorkersMax + 1) * LineLength];

    public long Hits => Sum(0);
    public long Misses => Sum(1);

    public void CountHit(int worker) => _counts[worker * LineLength]++;
    public void CountMiss(int worker) => _counts[(worker * LineLength) + 1]++;

    private long Sum(int place)
    {
        var sum = 0L;
        for (var i = place; i < _counts.Length; i += LineLength) sum += Volatile.Read(ref _counts[i]);
        return sum;
    }
}
