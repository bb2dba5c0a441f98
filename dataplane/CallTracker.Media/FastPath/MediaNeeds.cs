namespace CallTracker.Media.FastPath;

/// <summary>
/// What wants a session's packets in userspace; as long as one of these is set the kernel does not relay it. Keys for
/// SRTP are not among these: a session with a secure side stays in userspace by itself.
/// </summary>
[Flags]
public enum MediaNeeds
{
    None = 0,
    Recording = 1,
    /// <summary>Digits are listened for, in the audio or as telephone-event.</summary>
    Dtmf = 2,
    /// <summary>Something is played into the call.</summary>
    Playback = 4,
    /// <summary>The codecs or payload types differ between the sides.</summary>
    Conversion = 8,
}
