namespace CallTracker.ControlPlane.Calls;

/// <summary>How a cell is written in the output formats.</summary>
internal enum CellKind
{
    Text,
    Number,
    Time,
    Flag,
    /// <summary>The caller's number: sealed, or opened for those who may see it.</summary>
    CallerNumber,
    /// <summary>The tries at destinations: an array in JSON, one text in CSV.</summary>
    Attempts,
}
