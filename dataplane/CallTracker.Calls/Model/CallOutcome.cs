namespace CallTracker.Calls.Model;

/// <summary>How forwarding ended, as the call flow saw it; the backends map it to dial_stat.</summary>
public enum CallOutcome : byte
{
    /// <summary>No destination was tried (unknown number, refused, no treatment).</summary>
    NotTried = 0,
    Answered = 1,
    Busy = 2,
    /// <summary>It rang; nobody answered in time.</summary>
    NoAnswer = 3,
    /// <summary>Not even ringing came back in time.</summary>
    Unresponsive = 4,
    /// <summary>The caller gave up before an answer.</summary>
    CallerGaveUp = 5,
    /// <summary>No trunk, or the trunk failed or refused.</summary>
    LineUnavailable = 6,
}
