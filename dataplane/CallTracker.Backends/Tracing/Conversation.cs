namespace CallTracker.Backends.Tracing;

/// <summary>
/// The messages of one Call-ID in one ring: where they stand, and whose they are. Owned by the collector's task.
/// </summary>
internal sealed class Conversation(ulong key)
{
    /// <summary>The hash of the Call-ID.</summary>
    public ulong Key => key;

    /// <summary>Positions in the ring, in order.</summary>
    public List<long> Positions { get; } = new(8);

    /// <summary>Null for what belongs to no call: OPTIONS, refused INVITEs.</summary>
    public TracedCall? Call { get; set; }

    /// <summary>0 is the inbound leg, n the n-th attempt.</summary>
    public byte Attempt { get; set; }

    public long LastPosition => Positions.Count == 0 ? -1 : Positions[^1];

    public bool IsForgotten { get; set; }
}
