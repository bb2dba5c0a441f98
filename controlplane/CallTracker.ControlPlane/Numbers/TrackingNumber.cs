using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>A tracking number (番号) as it is kept and shown. Immutable.</summary>
public sealed record TrackingNumber
{
    public ulong Version { get; init; }
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when not given. Never changes.</summary>
    public required string DialinId { get; init; }
    /// <summary>The number called, normalised. Never changes.</summary>
    public required string DinId { get; init; }
    public required string ClientId { get; init; }
    public required string DialinName { get; init; }
    public required IReadOnlyList<RouteDestination> Destinations { get; init; }
    /// <summary>Normalised leading digits; empty: the domestic default.</summary>
    public IReadOnlyList<string> AllowedDestinations
    {
        // Numbers that were stored before there was such a list have none.
        get => field ?? [];
        init;
    }
    public CallerDisplay CallerDisplay { get; init; }
    public string SystemNumber { get; init; } = "";
    /// <summary>通話録音.</summary>
    public RecordingSetting Recording { get; init; }
    /// <summary>録音保存日数; 0: until it is deleted.</summary>
    public int RecordingDays { get; init; }
    public bool Enabled { get; init; } = true;
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}
