namespace CallTracker.Calls.Model;

/// <summary>Whose voice a call's recording holds. The values lie in journals and never change.</summary>
public enum CallRecording : byte
{
    /// <summary>Nothing was to be recorded, or the call was never answered.</summary>
    Off = 0,
    Caller = 1,
    Callee = 2,
    Both = 3,
    /// <summary>It was to be recorded and could not be begun.</summary>
    Failed = 4,
}
