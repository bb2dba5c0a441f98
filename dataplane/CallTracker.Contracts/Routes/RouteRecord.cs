namespace CallTracker.Contracts.Routes;

/// <summary>
/// All a node needs to treat a call to one tracking number. Written by the control plane to
/// <see cref="Redis.RedisKeys.Route"/> as JSON (<see cref="ContractJson"/>), read by nodes, immutable.
/// </summary>
public sealed record RouteRecord
{
    /// <summary>The layout version written today; readers accept it and all lower ones.</summary>
    public const int LayoutVersion = 1;
    public int V { get; init; } = LayoutVersion;
    /// <summary>The change sequence that wrote this route; it is put on each call's record.</summary>
    public ulong Version { get; init; }
    /// <summary>Normalised tracking number.</summary>
    public required string DinId { get; init; }
    public required string OperatorId { get; init; }
    public required string ClientId { get; init; }
    public string ClientName { get; init; } = "";
    public required string DialinId { get; init; }
    public string DialinName { get; init; } = "";
    public IReadOnlyList<RouteDestination> Destinations { get; init; } = [];
    public CallerDisplay CallerDisplay { get; init; }
    /// <summary>Normalised number shown when <see cref="CallerDisplay"/> is System; empty for the tracking number.</summary>
    public string SystemNumber { get; init; } = "";
    public bool Enabled { get; init; } = true;
}
