using CallTracker.Media.Relay;

namespace CallTracker.Media.FastPath;

/// <summary>
/// What a worker's calls did in the kernel since start. The worker alone writes, once a second for calls inside; other
/// threads may read at any time.
/// </summary>
public sealed class FastPathCounters
{
    private readonly long[] _packets = new long[2];
    private readonly long[] _left = new long[(int)FastPathExit.RouteChanged + 1];
    private readonly long[] _refused = new long[(int)FastPathRefusal.NoEntry + 1];
    private long _inside;
    private long _entered;

    /// <summary>Calls that the kernel relays now.</summary>
    public long Inside => Volatile.Read(ref _inside);

    public long Entered => Volatile.Read(ref _entered);

    public long Left(FastPathExit why) => Volatile.Read(ref _left[(int)why]);

    public long Refused(FastPathRefusal why) => Volatile.Read(ref _refused[(int)why]);

    /// <summary>Packets from a side that the kernel relayed; also part of
    /// <see cref="MediaCounters.PacketsRelayed"/>.</summary>
    public long Packets(MediaSide from) => Volatile.Read(ref _packets[(int)from]);

    internal void AddEntered()
    {
        _entered++;
        _inside++;
    }

    internal void AddLeft(FastPathExit why)
    {
        _left[(int)why]++;
        _inside--;
    }

    internal void AddRefused(FastPathRefusal why) => _refused[(int)why]++;

    internal void AddPackets(int side, long count) => _packets[side] += count;
}
