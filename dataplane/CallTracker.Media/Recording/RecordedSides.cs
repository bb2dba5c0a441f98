namespace CallTracker.Media.Recording;

/// <summary>Whose voice is recorded. The values lie in files and never change.</summary>
[Flags]
public enum RecordedSides : byte
{
    None = 0,
    /// <summary>Side A.</summary>
    Caller = 1,
    /// <summary>Side B.</summary>
    Callee = 2,
    Both = Caller | Callee,
}
