namespace CallTracker.Media.Dtmf;

/// <summary>A key that was pressed.</summary>
/// <param name="Key">Its code (<see cref="DtmfKey"/>).</param>
/// <param name="DurationMs">How long.</param>
internal readonly record struct Digit(byte Key, int DurationMs);
