namespace CallTracker.Node.Workers;

/// <summary>What decides whether one worker is enough.</summary>
/// <param name="FirstBusy">How busy the first worker is, in thousandths of a core.</param>
/// <param name="AllBusy">How busy all workers are, together.</param>
/// <param name="FirstSessions">Media sessions of the first worker.</param>
/// <param name="IsPressed">True when its messages wait too long, or its tables fill.</param>
internal readonly record struct SpreadLoad(int FirstBusy, int AllBusy, int FirstSessions, bool IsPressed);
