namespace CallTracker.Backends.Journal;

/// <summary>A place in one worker's journal: everything before it is done with.</summary>
/// <param name="Segment">Segment number.</param>
/// <param name="Offset">Byte offset of the next entry in that segment.</param>
public readonly record struct JournalPosition(int Segment, int Offset) : IComparable<JournalPosition>
{
    public int CompareTo(JournalPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);

    public static bool operator <(JournalPosition left, JournalPosition right) => left.CompareTo(right) < 0;
    public static bool operator >(JournalPosition left, JournalPosition right) => left.CompareTo(right) > 0;
    public static bool operator <=(JournalPosition left, JournalPosition right) => left.CompareTo(right) <= 0;
    public static bool operator >=(JournalPosition left, JournalPosition right) => left.CompareTo(right) >= 0;
}
