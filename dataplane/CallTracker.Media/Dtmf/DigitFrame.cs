namespace CallTracker.Media.Dtmf;

/// <summary>20 ms of a digit that is being told.</summary>
/// <param name="Kind">Whether it sounds.</param>
/// <param name="Key">Which.</param>
/// <param name="Index">Frames of the same kind before this one.</param>
/// <param name="ElapsedMs">How long the key has sounded at the end of this frame; in the pause, altogether.</param>
/// <param name="IsEnd">It sounds no longer than that.</param>
internal readonly record struct DigitFrame(DigitFrameKind Kind, byte Key, int Index, int ElapsedMs, bool IsEnd);
