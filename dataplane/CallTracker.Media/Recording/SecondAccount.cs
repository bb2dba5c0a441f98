namespace CallTracker.Media.Recording;

/// <summary>
/// What became of one side's stretch of sound, in milliseconds: Received, Lost, Overflow, Unrecordable and Idle add up
/// to its length. Late and Duplicates stand beside that sum.
/// </summary>
public struct SecondAccount
{
    public int Received;
    /// <summary>By the peer's sequence numbers.</summary>
    public int Lost;
    /// <summary>The recorder had no room.</summary>
    public int Overflow;
    /// <summary>In a codec that cannot be recorded.</summary>
    public int Unrecordable;
    /// <summary>The peer sent nothing.</summary>
    public int Idle;
    /// <summary>Came when its second was written already; it counts as lost or idle above.</summary>
    public int Late;
    /// <summary>Packets that came again.</summary>
    public int Duplicates;

    /// <summary>Milliseconds of sound that the peer sent.</summary>
    public readonly int Expected => Received + Lost + Overflow + Unrecordable;

    /// <summary>Milliseconds in all.</summary>
    public readonly int Total => Expected + Idle;

    /// <summary>Adds another stretch.</summary>
    public void Add(in SecondAccount other)
    {
        Received += other.Received;
        Lost += other.Lost;
        Overflow += other.Overflow;
        Unrecordable += other.Unrecordable;
        Idle += other.Idle;
        Late += other.Late;
        Duplicates += other.Duplicates;
    }
}
