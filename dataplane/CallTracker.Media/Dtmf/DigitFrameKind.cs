namespace CallTracker.Media.Dtmf;

/// <summary>What 20 ms of a digit consist of.</summary>
internal enum DigitFrameKind : byte
{
    /// <summary>No digit is told.</summary>
    None = 0,
    /// <summary>The key sounds.</summary>
    Sound,
    /// <summary>The pause after it.</summary>
    Pause,
}
