using System.Collections.Concurrent;
using CallTracker.Core.Time;

namespace CallTracker.Node.Streams;

/// <summary>
/// Peers that could not be reached lately: asking them again for every message would cost each call its time. Bounded;
/// full, it forgets all, which costs some attempts. Any thread.
/// </summary>
internal sealed class ConnectMemory(IClock clock)
{
    private const int CountMax = 4096;
    private readonly ConcurrentDictionary<StreamPeer, (long UntilMs, bool WasTrunk)> _failed = new();

    /// <summary>True when it could not be reached lately.</summary>
    /// <param name="peer">Address and transport.</param>
    /// <param name="wasTrunk">Whether it was meant to be reached this way then, by a trunk's setting.</param>
    public bool HasFailed(in StreamPeer peer, out bool wasTrunk)
    {
        var isKnown = _failed.TryGetValue(peer, out var failed) && clock.NowMs < failed.UntilMs;
        wasTrunk = failed.WasTrunk;
        return isKnown;
    }

    public void Remember(in StreamPeer peer, int forMs, bool isTrunk)
    {
        if (_failed.Count >= CountMax) _failed.Clear();
        _failed[peer] = (clock.NowMs + forMs, isTrunk);
    }

    public void Forget(in StreamPeer peer) => _failed.TryRemove(peer, out _);
}
