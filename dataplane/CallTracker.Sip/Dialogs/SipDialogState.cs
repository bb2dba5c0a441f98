namespace CallTracker.Sip.Dialogs;

/// <summary>How far a dialog has come (RFC 3261 section 12).</summary>
public enum SipDialogState : byte
{
    /// <summary>Not in use.</summary>
    None = 0,

    /// <summary>Our INVITE is out; there is no remote tag yet.</summary>
    Calling,
    Early,
    Confirmed,
}
