namespace CallTracker.Calls.Engine;

/// <summary>
/// A call and the part a transaction plays in it, in the 31 bits a transaction keeps for its user:
/// slot (19 bits), generation (7 bits), role (5 bits). A stale reference is recognised by its generation.
/// </summary>
/// <param name="Slot">Index in the worker's <see cref="CallTable"/>.</param>
/// <param name="Generation">Counts the slot's uses, modulo 128.</param>
/// <param name="Role">A <see cref="TransactionRole"/>; attempts are 1 to 10.</param>
internal readonly record struct CallRef(int Slot, byte Generation, byte Role)
{
    public static CallRef Detached => new(0, 0, (byte)TransactionRole.Detached);

    public bool IsAttempt => Role is >= 1 and <= Model.CallFacts.AttemptsMax;

    public int ToUser() => (Slot << 12) | ((Generation & 0x7f) << 5) | Role;

    public static CallRef FromUser(int user) => new(user >> 12, (byte)((user >> 5) & 0x7f), (byte)(user & 0x1f));
}
