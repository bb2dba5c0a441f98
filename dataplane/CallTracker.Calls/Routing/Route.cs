using CallTracker.Calls.Model;

namespace CallTracker.Calls.Routing;

/// <summary>
/// What a worker needs to treat a call to one tracking number. Immutable; made by the backends, shared by all workers,
/// replaced as a whole when the number changes.
/// </summary>
public sealed class Route
{
    public required PhoneNumber Number { get; init; }
    public required string OperatorId { get; init; }
    public required RouteTarget[] Targets { get; init; }
    /// <summary>True when the callee is shown <see cref="SystemNumber"/> instead of the caller's number.</summary>
    public bool ShowsSystemNumber { get; init; }
    /// <summary>The number shown then; empty for the tracking number itself.</summary>
    public PhoneNumber SystemNumber { get; init; }
    /// <summary>Where its calls may go at all, whoever names the target.</summary>
    public DestinationRules Destinations { get; init; } = DestinationRules.Any;
    /// <summary>Null when its calls are not recorded.</summary>
    public RouteRecording? Recording { get; init; }
    /// <summary>False answers as if the number did not exist.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>The backends' own record of this route; it comes back with the call's facts.</summary>
    public object? Source { get; init; }
}
