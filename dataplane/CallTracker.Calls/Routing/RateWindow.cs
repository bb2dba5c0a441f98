namespace CallTracker.Calls.Routing;

/// <summary>
/// At most so many calls in any second, counted exactly: a ring of the times of the last calls. Carriers refuse what
/// exceeds their own meter, and a bucket that lets bursts through would exceed it. Shared by all workers, lock-free.
/// </summary>
internal sealed class RateWindow
{
    private const int WindowMs = 1000;
    private const int SpinsMax = 1000;
    private const int TimeBits = 48;
    private const long TimeMask = (1L << TimeBits) - 1;
    private readonly long[] _times;
    private long _next;

    /// <param name="callsPerSec">Calls in a second; also the number of times kept, 8 bytes each.</param>
    public RateWindow(int callsPerSec) => _times = new long[callsPerSec];

    public int CallsPerSec => _times.Length;

    /// <summary>
    /// Counts a call; false when it would be one too many. A slot carries the lap in which it was written beside its
    /// time, so that a worker never takes the time of a call for that of the one a lap before.
    /// </summary>
    public bool TryTake(long nowMs)
    {
        for (var spins = 0; spins < SpinsMax; spins++)
        {
            var number = Volatile.Read(ref _next);
            ref var slot = ref _times[number % _times.Length];
            var lap = number / _times.Length;
            var seen = Volatile.Read(ref slot);
            if (((seen >> TimeBits) & 0x7fff) != (lap & 0x7fff)) continue;
            if (lap > 0 && nowMs - (seen & TimeMask) < WindowMs) return false;
            if (Interlocked.CompareExchange(ref _next, number + 1, number) != number) continue;
            Volatile.Write(ref slot, (((lap + 1) & 0x7fff) << TimeBits) | (nowMs & TimeMask));
            return true;
        }
        // Another worker was interrupted between its two writes: the call takes another trunk.
        return false;
    }
}
