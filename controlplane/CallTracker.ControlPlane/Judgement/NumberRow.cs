namespace CallTracker.ControlPlane.Judgement;

/// <summary>A row of one or two numbers: bounds and counts that the judge asks for. Immutable.</summary>
internal sealed record NumberRow
{
    public long Value { get; init; }
    public ulong Key { get; init; }
    public long Count { get; init; }
}
