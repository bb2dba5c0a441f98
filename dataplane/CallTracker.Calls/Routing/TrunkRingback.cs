namespace CallTracker.Calls.Routing;

/// <summary>Whether silent early media of a trunk's destinations is filled with the ringback tone.</summary>
public enum TrunkRingback : byte
{
    /// <summary>As the node does.</summary>
    Inherit = 0,
    On,
    Off,
}
