namespace CallTracker.Backends.Shipping;

/// <summary>A place in one worker's journal, as files keep it.</summary>
public sealed record WorkerPosition(int Worker, int Segment, int Offset);
