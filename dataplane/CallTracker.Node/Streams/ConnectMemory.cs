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
    private readonly ConcurrentDictionary<StreamPeer, long> _untilMs = new();

    public bool HasFailed(in StreamPeer peer) =>
        _untilMs.TryGetValue(peer, out var untilMs) && clock.NowMs < untilMs;

    public void Remember(in StreamPeer peer, int forMs)
    {
        if (_untilMs.Count >= CountMax) _untilMs.Clear();
        _untilMs[peer] = clock.NowMs + forMs;
    }

    public void Forget(in StreamPeer peer) => _untilMs.TryRemove(peer, out _);
}
