namespace CallTracker.Sip.Dialogs;

/// <summary>The refresher parameter of Session-Expires (RFC 4028 section 4), as seen from the request.</summary>
public enum SessionRefresher : byte
{
    /// <summary>Not said.</summary>
    None = 0,
    /// <summary>Who sent the request.</summary>
    Uac = 1,
    /// <summary>Who answers it.</summary>
    Uas = 2,
}
