using CallTracker.Calls.Model;

namespace CallTracker.Backends.Routes;

/// <summary>
/// One number being asked of Redis and the workers that wait for it. Workers join, the asker settles; after settling
/// nobody can join, so no worker is forgotten.
/// </summary>
internal sealed class RouteAsk(PhoneNumber number)
{
    /// <summary>Workers an ask can hold: one bit each, the last bit says that it is settled.</summary>
    public const int WorkersMax = 63;
    private const ulong Settled = 1UL << WorkersMax;
    private ulong _workers;
    private int _isOutdated;

    public PhoneNumber Number { get; } = number;

    /// <summary>False when the answer is there already: the worker looks again.</summary>
    public bool TryJoin(int worker) => (Interlocked.Or(ref _workers, 1UL << worker) & Settled) == 0;

    /// <summary>Closes the ask; the workers to tell, one bit each.</summary>
    public ulong Settle() => Interlocked.Exchange(ref _workers, Settled);

    /// <summary>Told when the number changed while it was being read.</summary>
    public void Outdate() => Volatile.Write(ref _isOutdated, 1);

    /// <summary>True when what was read may be old and must be read again.</summary>
    public bool TakeOutdated() => Interlocked.Exchange(ref _isOutdated, 0) == 1;
}
