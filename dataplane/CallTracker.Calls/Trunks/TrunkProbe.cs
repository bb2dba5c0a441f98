using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Trunks;

/// <summary>The probing of one address of a trunk; owned by one worker's prober.</summary>
internal sealed class TrunkProbe
{
    public required EndpointHealth Health { get; init; }
    /// <summary>The address as the table in force has it; it may come under another trunk.</summary>
    public TrunkEndpoint Endpoint { get; set; } = null!;
    public Trunk Trunk { get; set; } = null!;
    /// <summary>The table that named it last; one that none names any more is forgotten.</summary>
    public int Round { get; set; }
    /// <summary>When the next OPTIONS is due.</summary>
    public long DueMs { get; set; }
    /// <summary>When the last one was sent.</summary>
    public long SentMs { get; set; }
    /// <summary>When the one under way is given up; 0 when none is.</summary>
    public long DeadlineMs { get; set; }
    /// <summary>Hash of the branch of the one under way.</summary>
    public ulong Branch { get; set; }

    public bool IsWaiting => DeadlineMs != 0;
}
