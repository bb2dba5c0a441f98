namespace CallTracker.Backends.Tracing;

/// <summary>
/// The messages of one Call-ID in one ring: where they stand, and whose they are. Holds a bounded number of places: a
/// peer that pings with one Call-ID for ever must not fill memory. Owned by the collector's task.
/// </summary>
internal sealed class Conversation(ulong key)
{
    /// <summary>Places held; beyond, the older half is let go.</summary>
    public const int PlacesMax = 1024;
    private readonly List<long> _positions = new(8);
    private int _dropped;

    /// <summary>The hash of the Call-ID.</summary>
    public ulong Key => key;

    /// <summary>Positions in the ring, in order.</summary>
    public IReadOnlyList<long> Positions => _positions;

    /// <summary>Null for what belongs to no call: OPTIONS, refused INVITEs.</summary>
    public TracedCall? Call { get; set; }

    /// <summary>0 is the inbound leg, n the n-th attempt.</summary>
    public byte Attempt { get; set; }

    public long LastPosition => _positions.Count == 0 ? -1 : _positions[^1];

    public bool IsForgotten { get; set; }

    public void Add(long position)
    {
        if (_positions.Count == PlacesMax)
        {
            _positions.RemoveRange(0, PlacesMax / 2);
            _dropped += PlacesMax / 2;
        }
        _positions.Add(position);
    }

    public void RemoveLast() => _positions.RemoveAt(_positions.Count - 1);

    /// <summary>Messages let go since the last time.</summary>
    public int TakeDropped()
    {
        var dropped = _dropped;
        _dropped = 0;
        return dropped;
    }
}
