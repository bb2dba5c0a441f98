namespace CallTracker.Calls.Model;

/// <summary>Who ended a call.</summary>
public enum CallParty : byte
{
    Unknown = 0,
    Caller = 1,
    Callee = 2,
    System = 3,
}
