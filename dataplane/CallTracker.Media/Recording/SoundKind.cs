namespace CallTracker.Media.Recording;

/// <summary>What a millisecond of a recorded side is made of. Everything but Received sounds as silence.</summary>
internal enum SoundKind : byte
{
    /// <summary>Nothing was sent: silence suppressed, held, digits, or not yet begun.</summary>
    Idle = 0,
    Received = 1,
    /// <summary>Sent by the peer and never come here, by its sequence numbers.</summary>
    Lost = 2,
    /// <summary>Came here, and the recorder had no room.</summary>
    Overflow = 3,
    /// <summary>Came here in a codec that cannot be recorded.</summary>
    Unrecordable = 4,
}
