namespace CallTracker.ControlPlane.Calls;

/// <summary>Which calls are asked for. Immutable, lives for one request.</summary>
internal sealed record CallFilter
{
    public long? FromMs { get; init; }
    /// <summary>Calls before this time; the range is half open.</summary>
    public long? ToMs { get; init; }
    public string? DinIdPrefix { get; init; }
    public string? FwdIdPrefix { get; init; }
    public string? ClientId { get; init; }
    public IReadOnlyList<string> HangupSides { get; init; } = [];
    public IReadOnlyList<string> Statuses { get; init; } = [];
    public IReadOnlyList<string> Verdicts { get; init; } = [];
    public IReadOnlyList<string> CallerTerminals { get; init; } = [];
    public string? TrnId { get; init; }
}
