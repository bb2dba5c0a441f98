namespace CallTracker.Media.FastPath;

/// <summary>What <see cref="Offload"/> remembers of a session, in the order of the session table.</summary>
internal struct OffloadState
{
    public bool IsInside;
    public MediaNeeds Needs;
    public int EntryA;
    public int EntryB;
    /// <summary>Not inside again before this.</summary>
    public long RetryMs;
    public int BackoffMs;
    public long EnteredMs;
    /// <summary>The state of the routes that the entries rest on.</summary>
    public uint RouteEpoch;
}
