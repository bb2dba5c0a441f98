namespace CallTracker.Calls.Routing;

/// <summary>What becomes of a REFER that comes from a trunk (RFC 3515).</summary>
public enum ReferPolicy : byte
{
    /// <summary>It is answered 603.</summary>
    Refuse = 0,
    /// <summary>The other party is connected to the new target.</summary>
    Execute = 1,
}
