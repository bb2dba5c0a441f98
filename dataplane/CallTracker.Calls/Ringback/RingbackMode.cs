namespace CallTracker.Calls.Ringback;

/// <summary>When this node plays the ringback tone itself.</summary>
public enum RingbackMode : byte
{
    /// <summary>Only to a caller who was given early media and hears none.</summary>
    Auto = 0,
    /// <summary>Never.</summary>
    Off = 1,
}
