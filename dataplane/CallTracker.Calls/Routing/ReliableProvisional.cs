namespace CallTracker.Calls.Routing;

/// <summary>Reliable provisional responses with a trunk (RFC 3262).</summary>
public enum ReliableProvisional : byte
{
    /// <summary>Neither offered nor given.</summary>
    Off = 0,
    /// <summary>Used when the other side supports it.</summary>
    Supported = 1,
    /// <summary>Demanded of the other side.</summary>
    Required = 2,
}
