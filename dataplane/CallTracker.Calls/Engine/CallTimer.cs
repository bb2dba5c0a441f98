namespace CallTracker.Calls.Engine;

/// <summary>What a timer of the engine's wheel is for; the owner is the call's slot.</summary>
internal enum CallTimer : ushort
{
    /// <summary>The route did not come in time.</summary>
    RouteTimeout = 1,
    /// <summary>The destination's ring time is over.</summary>
    RingTimeout = 2,
    /// <summary>The trunk gave no sign of life.</summary>
    TrunkTimeout = 3,
    /// <summary>The call has lasted as long as it may.</summary>
    DurationLimit = 4,
    /// <summary>A verification or a signature did not come in time.</summary>
    StirTimeout = 40,
}
