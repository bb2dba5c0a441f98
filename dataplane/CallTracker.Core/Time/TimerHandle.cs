namespace CallTracker.Core.Time;

/// <summary>
/// Names one scheduled timer; the default value names none. A spent handle is recognised by its generation.
/// </summary>
/// <param name="Slot">Index of the timer's node plus one.</param>
/// <param name="Generation">Counts the node's uses.</param>
public readonly record struct TimerHandle(int Slot, uint Generation)
{
    public bool IsNone => Slot == 0;
}
