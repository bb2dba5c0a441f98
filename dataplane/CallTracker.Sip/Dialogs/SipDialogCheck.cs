namespace CallTracker.Sip.Dialogs;

/// <summary>Whether a request may act on a dialog, and what to answer otherwise.</summary>
public enum SipDialogCheck : byte
{
    Ok = 0,

    /// <summary>Tags or Call-ID differ: 481.</summary>
    NotThisDialog,

    /// <summary>The CSeq number is lower than one before: 500 (RFC 3261 section 12.2.2).</summary>
    OutOfOrder,
}
