namespace CallTracker.Calls.Routing;

/// <summary>What becomes of a 3xx that comes from a trunk.</summary>
public enum RedirectPolicy : byte
{
    /// <summary>It is a failure of the attempt.</summary>
    Refuse = 0,
    /// <summary>Its contacts are dialled, within bounds.</summary>
    Follow = 1,
}
