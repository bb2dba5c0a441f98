namespace CallTracker.ControlPlane.Traces;

/// <summary>A call that was kept because it was asked for, as the API lists it.</summary>
public sealed record KeptCallView
{
    /// <summary>処理ID, by which its ladder is read.</summary>
    public string TrnId { get; init; } = "";
    /// <summary>The node that has or had the call.</summary>
    public string NodeId { get; init; } = "";
    /// <summary>Its first message.</summary>
    public DateTimeOffset StartedAt { get; init; }
    /// <summary>True while its record is not there: it is up, or has ended within the last seconds.</summary>
    public bool InProgress { get; init; }
    /// <summary>Messages kept so far.</summary>
    public int Messages { get; init; }
}
