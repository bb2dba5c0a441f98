namespace CallTracker.Calls.Model;

/// <summary>
/// Whose media failed, and how, when a call ends by <see cref="EndReason.MediaTimeout"/>; the backends write its
/// snake_case name to media_fault.
/// </summary>
public enum MediaFault : byte
{
    None = 0,
    /// <summary>The caller's side sent nothing at all.</summary>
    CallerNeverSent = 1,
    /// <summary>The caller's side sent before, and then stopped.</summary>
    CallerSilent = 2,
    /// <summary>Nobody listens where the caller's side wants its media.</summary>
    CallerUnreachable = 3,
    /// <summary>The same three of the destination's side.</summary>
    CalleeNeverSent = 4,
    CalleeSilent = 5,
    CalleeUnreachable = 6,
    /// <summary>The DTLS handshake with the caller's side failed: its media never had keys.</summary>
    CallerHandshakeFailed = 7,
    /// <summary>The same of the destination's side.</summary>
    CalleeHandshakeFailed = 8,
}
