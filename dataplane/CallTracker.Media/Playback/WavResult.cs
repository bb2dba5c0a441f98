namespace CallTracker.Media.Playback;

/// <summary>What became of reading a WAV file.</summary>
public enum WavResult
{
    Ok = 0,
    /// <summary>It does not begin as a WAV file does.</summary>
    NotWav,
    /// <summary>There is no format chunk before the sound, or it is too short.</summary>
    NoFormat,
    /// <summary>Neither 16-bit PCM nor 8-bit A-law or μ-law.</summary>
    UnsupportedCoding,
    /// <summary>A sample rate beside 8, 11.025, 16, 22.05, 24, 32, 44.1 and 48 kHz.</summary>
    UnsupportedRate,
    /// <summary>Neither mono nor stereo.</summary>
    UnsupportedChannels,
    /// <summary>There is no data chunk, or nothing is in it.</summary>
    NoSound,
    /// <summary>The file ends before its sound does: it is broken, or still being copied.</summary>
    CutShort,
    /// <summary>Longer than a prompt may be.</summary>
    TooLong,
}
