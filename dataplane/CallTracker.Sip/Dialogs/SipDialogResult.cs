namespace CallTracker.Sip.Dialogs;

/// <summary>What became of filling a <see cref="SipDialog"/>.</summary>
public enum SipDialogResult : byte
{
    Ok = 0,

    /// <summary>
    /// Tags, URIs and route set are longer than the fixed storage: refuse the call, lose nothing else.
    /// </summary>
    TooLong,

    /// <summary>A Contact that a dialog needs is missing or no URI.</summary>
    BadContact,

    /// <summary>A Record-Route value is no address.</summary>
    BadRoute,

    /// <summary>The response carries another To tag than this dialog: a fork.</summary>
    OtherDialog,
}
