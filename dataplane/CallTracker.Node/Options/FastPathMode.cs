namespace CallTracker.Node.Options;

/// <summary>What <c>CALLTRACKER_FASTPATH</c> says.</summary>
internal enum FastPathMode
{
    Off,
    /// <summary>The kernel relays where that can be had; where not, a line in the log says why.</summary>
    Auto,
    /// <summary>Where it cannot be had, the node does not start.</summary>
    Required,
}
