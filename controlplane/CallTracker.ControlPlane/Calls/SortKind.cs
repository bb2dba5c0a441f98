namespace CallTracker.ControlPlane.Calls;

/// <summary>How a column's values travel in a cursor and back into SQL.</summary>
internal enum SortKind
{
    Text,
    Number,
    /// <summary>Unix milliseconds, compared as a time.</summary>
    Time,
}
