namespace CallTracker.Calls.Routing;

/// <summary>
/// What a trunk carries now on this node, and what was refused for that: channels and calls per second, both directions
/// together. Shared by all workers; it outlives the trunk objects, that are replaced at each change.
/// </summary>
public sealed class TrunkLoad
{
    private readonly long[] _refused = new long[4];
    private int _channels;
    private RateWindow? _window;

    /// <summary>Calls up now.</summary>
    public int Channels => Volatile.Read(ref _channels);

    /// <summary>Calls refused since the start.</summary>
    /// <param name="outbound">To the trunk (another was tried) or from it (503).</param>
    /// <param name="byRate">For its calls per second or for its channels.</param>
    public long Refused(bool outbound, bool byRate) => Interlocked.Read(ref _refused[IndexOf(outbound, byRate)]);

    /// <summary>Takes a channel and a call of this second; false, and counted, when either is used up.</summary>
    public bool TryEnter(Trunk trunk, bool outbound, long nowMs)
    {
        var channels = Interlocked.Increment(ref _channels);
        var isFull = trunk.ChannelsMax > 0 && channels > trunk.ChannelsMax;
        if (!isFull && (trunk.CpsMax == 0 || WindowOf(trunk.CpsMax).TryTake(nowMs))) return true;
        Interlocked.Decrement(ref _channels);
        Interlocked.Increment(ref _refused[IndexOf(outbound, byRate: !isFull)]);
        return false;
    }

    /// <summary>A call that was admitted elsewhere goes on here.</summary>
    public void Join() => Interlocked.Increment(ref _channels);

    /// <summary>A call ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _channels);

    // A changed limit starts a new window; a call that finds the old one still there is counted by it.
    private RateWindow WindowOf(int callsPerSec)
    {
        var window = Volatile.Read(ref _window);
        if (window?.CallsPerSec == callsPerSec) return window;
        var fresh = new RateWindow(callsPerSec);
        return Interlocked.CompareExchange(ref _window, fresh, window) == window ? fresh : Volatile.Read(ref _window)!;
    }

    private static int IndexOf(bool outbound, bool byRate) => (outbound ? 2 : 0) + (byRate ? 1 : 0);
}
