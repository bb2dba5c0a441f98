namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Bounds how many statements run and how many wait. Beyond that a statement is refused at once, which the client sees
/// as ClickHouse's own error 202. Thread-safe.
/// </summary>
internal sealed class QueryGate(int runningMax, int waitingMax, int waitMsMax) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(runningMax, runningMax);
    private int _waiting;

    public int Running => runningMax - _slots.CurrentCount;

    /// <summary>False: too many run and wait already, or none has finished for too long.</summary>
    public async Task<bool> TryEnterAsync(CancellationToken cancellation)
    {
        if (await _slots.WaitAsync(0, cancellation))
            return true;
        if (Interlocked.Increment(ref _waiting) > waitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            return await _slots.WaitAsync(waitMsMax, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _slots.Release();

    public void Dispose() => _slots.Dispose();
}
