namespace CallTracker.Calls.Engine;

/// <summary>What a timer of the engine's wheel is for; the owner is the call's slot.</summary>
internal enum CallTimer : ushort
{
    /// <summary>The route did not come in time.</summary>
    RouteTimeout = 1,
    /// <summary>The destination's ring time is over.</summary>
    RingTimeout = 2,
    /// <summary>The trunk has given no sign of life yet.</summary>
    TrunkTimeout = 3,
    /// <summary>The call has lasted as long as it may.</summary>
    DurationLimit = 4,
    /// <summary>A verification or a signature did not come in time.</summary>
    StirTimeout = 40,
    /// <summary>A reliable 18x to the caller is due again, or was never acknowledged.</summary>
    ReliableRinging = 5,
    /// <summary>The caller's session is due to be refreshed, or has expired.</summary>
    SessionInbound = 6,
    SessionOutbound = 7,
    /// <summary>A transfer's target was silent, or rang, long enough.</summary>
    TransferTimeout = 8,
}
