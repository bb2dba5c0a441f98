namespace CallTracker.Backends.Journal;

/// <summary>
/// Wakes the keeper out of its rest when a worker appends the first entry. While the keeper is at work, an append
/// costs a fence and a look. The keeper rests, any thread appends.
/// </summary>
internal sealed class KeeperAlarm : IDisposable
{
    // Without spinning: it would cost as much as what is waited for.
    private readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 0);
    private int _isResting;

    /// <summary>An entry is published, or the keeper is to stop; any thread.</summary>
    public void OnChanged()
    {
        // The change goes before the look; otherwise keeper and worker could miss each other's word.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isResting) != 0) Wake();
    }

    /// <summary>
    /// Rests until something changes or the time is over; not at all when there is work already. The keeper's.
    /// </summary>
    /// <returns>True when something changed.</returns>
    public bool Rest(int msMax, Func<bool> hasWork)
    {
        _wake.Reset();
        // A full fence: what was changed before it is seen by hasWork, what comes later sees the rest.
        Interlocked.Exchange(ref _isResting, 1);
        var hasChanged = hasWork() || _wake.Wait(msMax);
        Volatile.Write(ref _isResting, 0);
        return hasChanged;
    }

    public void Dispose() => _wake.Dispose();

    // One of several that append at once wakes.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _isResting, 0) == 1) _wake.Set();
    }
}
