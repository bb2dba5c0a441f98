using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// Keeps a flood to an RTP port of no call from the worker: a port that brings many datagrams in a turn is not
/// received for a while. What comes meanwhile waits in its socket, and beyond that is dropped by the kernel, at a
/// fraction of the price. A call's port never rests, as the call's own packets are among those of the flood. Owned by
/// one <see cref="RingIntake"/>.
/// </summary>
internal sealed class FloodGate(DatagramRing ring)
{
    /// <summary>
    /// So many of one port in a row, of those of a turn that no call has, are a flood; as many as the kernel takes of a
    /// socket before it looks at the others (MULTISHOT_MAX_RETRY).
    /// </summary>
    public const int RunMax = 32;
    /// <summary>
    /// How long the port rests; a call that is given it meanwhile has its first packets so much later.
    /// </summary>
    public const int RestMs = 10;
    private readonly (int Number, long UntilMs)[] _resting = new (int, long)[DatagramRing.PausesMax];
    private int _count;
    private int _number = -1;
    private int _run;

    /// <summary>A turn begins: ports that rested go on, and rows begin anew.</summary>
    public void BeginTurn(long nowMs)
    {
        _number = -1;
        var done = 0;
        while (done < _count && _resting[done].UntilMs <= nowMs) ring.Resume(_resting[done++].Number);
        if (done == 0) return;
        _count -= done;
        _resting.AsSpan(done, _count).CopyTo(_resting);
    }

    /// <summary>A datagram came to a port of no call.</summary>
    public void See(int number, long nowMs)
    {
        if (number != _number) (_number, _run) = (number, 0);
        // Where more ports are flooded than may rest, those beyond go on.
        if (++_run == RunMax && ring.TryPause(number)) _resting[_count++] = (number, nowMs + RestMs);
    }

    /// <summary>Milliseconds until <see cref="BeginTurn"/> has work; -1 when no port rests.</summary>
    public int NextDelayMs(long nowMs) => _count == 0 ? -1 : (int)Math.Max(0, _resting[0].UntilMs - nowMs);
}
