namespace CallTracker.LoadTests.Sip;

/// <summary>How far a call has come, as its caller sees it.</summary>
internal enum CallerState
{
    NotStarted,
    Calling,
    Up,
    HangingUp,
    /// <summary>Answered, hung up, and both confirmed.</summary>
    Done,
    /// <summary>Refused, or no answer at all; it was never up.</summary>
    Failed,
    /// <summary>It was up, and its end was not what the caller asked for.</summary>
    Broken,
}
