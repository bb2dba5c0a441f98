namespace CallTracker.TestKit;

/// <summary>
/// A network that loses, doubles and reorders datagrams, all from one seed: the seed printed by a failing test gives
/// the same run again. Owned by one test.
/// </summary>
public sealed class SimulatedNetwork(int seed, double lossRate, double duplicateRate, int delayMsMin, int delayMsMax)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<SimulatedDatagram, (long DueMs, long Order)> _underway = new();
    private long _order;

    public int SentCount { get; private set; }

    public int LostCount { get; private set; }

    public int DuplicatedCount { get; private set; }

    public int UnderwayCount => _underway.Count;

    /// <summary>Sends a datagram, which may arrive never, once or twice, and after later ones.</summary>
    public void Send(int from, int to, ReadOnlySpan<byte> bytes, long nowMs)
    {
        SentCount++;
        if (_random.NextDouble() < lossRate)
        {
            LostCount++;
            return;
        }
        var copies = _random.NextDouble() < duplicateRate ? 2 : 1;
        DuplicatedCount += copies - 1;
        for (var i = 0; i < copies; i++)
        {
            var dueMs = nowMs + _random.Next(delayMsMin, delayMsMax + 1);
            var datagram = new SimulatedDatagram(from, to, bytes.ToArray(), dueMs);
            _underway.Enqueue(datagram, (datagram.DueMs, _order++));
        }
    }

    /// <summary>The next datagram that has arrived by now.</summary>
    public bool TryReceive(long nowMs, out SimulatedDatagram datagram)
    {
        datagram = null!;
        var isDue = _underway.TryPeek(out _, out var due) && due.DueMs <= nowMs;
        return isDue && _underway.TryDequeue(out datagram!, out _);
    }

    /// <summary>Milliseconds until the next arrival, or -1.</summary>
    public long NextDelayMs(long nowMs) =>
        _underway.TryPeek(out _, out var due) ? Math.Max(0, due.DueMs - nowMs) : -1;
}
