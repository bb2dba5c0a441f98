namespace CallTracker.Contracts.Numbers;

/// <summary>
/// What kind of terminal a number belongs to (clr_type, fwd_type). The values are stored in ClickHouse and never
/// change.
/// </summary>
public enum TerminalKind : byte
{
    Unknown = 0,
    Fixed = 1,
    Mobile = 2,
    Ip = 3,
    Payphone = 4,
    Withheld = 5,
    International = 6,
}
