namespace CallTracker.ControlPlane.Recordings;

/// <summary>How the recording of a call that is up stands after an order.</summary>
public sealed record RecordingOrderView
{
    public required string TrnId { get; init; }
    /// <summary>False when it was so already.</summary>
    public required bool Changed { get; init; }
    /// <summary>Nothing is recorded at present.</summary>
    public required bool Paused { get; init; }
    /// <summary>The parties' consent is noted.</summary>
    public required bool Consented { get; init; }
}
