using CallTracker.Contracts.Recordings;

namespace CallTracker.Contracts.Routes;

/// <summary>
/// All a node needs to treat a call to one tracking number. Written by the control plane to
/// <see cref="Redis.RedisKeys.Route"/> as JSON (<see cref="ContractJson"/>), read by nodes, immutable.
/// </summary>
public sealed record RouteRecord
{
    /// <summary>The layout version written today; readers accept it and all lower ones.</summary>
    public const int LayoutVersion = 1;
    public int V { get; set; } = LayoutVersion;
    /// <summary>The change sequence that wrote this route; it is put on each call's record.</summary>
    public ulong Version { get; set; }
    /// <summary>Normalised tracking number.</summary>
    public required string DinId { get; init; }
    public required string OperatorId { get; init; }
    public required string ClientId { get; init; }
    public string ClientName { get; set; } = "";
    public required string DialinId { get; init; }
    public string DialinName { get; set; } = "";
    public IReadOnlyList<RouteDestination> Destinations { get; set; } = [];
    /// <summary>
    /// Normalised leading digits of the destinations permitted; empty for Japanese numbers without premium services.
    /// </summary>
    public IReadOnlyList<string> AllowedDestinations { get; set; } = [];
    public CallerDisplay CallerDisplay { get; set; }
    /// <summary>
    /// Normalised number shown when <see cref="CallerDisplay"/> is System; empty for the tracking number.
    /// </summary>
    public string SystemNumber { get; set; } = "";
    public bool Enabled { get; set; } = true;
    /// <summary>Whose voice is recorded from the answer on.</summary>
    public RecordingSetting Recording { get; set; }
    /// <summary>Days after which a recording is deleted; 0: never.</summary>
    public int RecordingDays { get; set; }
}
