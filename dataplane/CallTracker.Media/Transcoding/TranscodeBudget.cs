namespace CallTracker.Media.Transcoding;

/// <summary>
/// How many calls a node converts at a time; each costs far more than relaying. Shared by all workers, touched when a
/// conversion begins or ends.
/// </summary>
public sealed class TranscodeBudget
{
    private int _now;

    /// <param name="callsMax">The bound; 0: none is converted.</param>
    public TranscodeBudget(int callsMax) => CallsMax = callsMax;

    public int CallsMax { get; }

    /// <summary>Calls that are converted; any thread may read it.</summary>
    public int Now => Volatile.Read(ref _now);

    /// <summary>True when another call could be converted at this moment.</summary>
    public bool HasRoom => Now < CallsMax;

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _now) <= CallsMax) return true;
        Interlocked.Decrement(ref _now);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _now);
}
