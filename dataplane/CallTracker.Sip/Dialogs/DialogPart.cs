namespace CallTracker.Sip.Dialogs;

/// <summary>The pieces of text that a dialog remembers, in the order of their storage.</summary>
internal enum DialogPart
{
    CallId = 0,
    LocalTag,
    RemoteTag,

    /// <summary>From or To value of our side, without tag.</summary>
    LocalAddress,

    /// <summary>From or To value of the other side, without tag.</summary>
    RemoteAddress,

    /// <summary>URI without brackets.</summary>
    RemoteTarget,

    /// <summary>Route values as they are sent, each followed by a line feed.</summary>
    Routes,
}
