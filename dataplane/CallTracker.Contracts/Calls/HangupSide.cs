namespace CallTracker.Contracts.Calls;

/// <summary>Who ended the call (hup_usr). The values are stored in ClickHouse and never change.</summary>
public enum HangupSide : byte
{
    Unknown = 0,
    /// <summary>発信者.</summary>
    Caller = 1,
    /// <summary>着信者.</summary>
    Callee = 2,
    /// <summary>システム.</summary>
    System = 3,
}
