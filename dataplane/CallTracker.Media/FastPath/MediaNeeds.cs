namespace CallTracker.Media.FastPath;

/// <summary>What wants a session's packets in userspace; as long as one of these is set the kernel does not relay
/// it.</summary>
[Flags]
public enum MediaNeeds
{
    None = 0,
    Recording = 1,
    /// <summary>Digits are listened for, in the audio or as telephone-event.</summary>
    Dtmf = 2,
    /// <summary>SRTP is ended here; passing it through needs nothing.</summary>
    Srtp = 4,
    /// <summary>Something is played into the call.</summary>
    Playback = 8,
    /// <summary>The codecs or payload types differ between the sides.</summary>
    Conversion = 16,
}
