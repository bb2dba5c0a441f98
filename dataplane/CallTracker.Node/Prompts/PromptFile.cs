using CallTracker.Media.Playback;

namespace CallTracker.Node.Prompts;

/// <summary>A WAV file of the prompts' folder as it was read last: what it became, or why nothing. Immutable.</summary>
/// <param name="ChangedUtc">The file's time.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Prompt">Null when it could not be used.</param>
/// <param name="Reason">Why not; empty when it could.</param>
internal sealed record PromptFile(DateTime ChangedUtc, long Length, Prompt? Prompt, string Reason)
{
    // Ten minutes of stereo at 48 kHz, and its chunks.
    private const long BytesMax = 116 << 20;

    /// <summary>True when the file is still the one that was read.</summary>
    public bool IsOf(FileInfo file) => file.LastWriteTimeUtc == ChangedUtc && file.Length == Length;

    /// <summary>Reads and codes a file, in seconds of CPU when it is long.</summary>
    public static PromptFile Read(FileInfo file, string id)
    {
        var (changedUtc, length) = (file.LastWriteTimeUtc, file.Length);
        var (prompt, reason) = length > BytesMax ? (null, "it is larger than 116 MiB") : ReadSound(file.FullName, id);
        return new PromptFile(changedUtc, length, prompt, reason);
    }

    private static (Prompt? Prompt, string Reason) ReadSound(string path, string id)
    {
        try
        {
            var result = WavReader.Read(File.ReadAllBytes(path), Prompt.DurationMsMax, out var sound);
            return result == WavResult.Ok ? (Prompt.Of(id, sound!), "") : (null, ReasonOf(result));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, "it cannot be read");
        }
    }

    private static string ReasonOf(WavResult result) => result switch
    {
        WavResult.NotWav => "it is no WAV file",
        WavResult.NoFormat => "its format chunk is missing or too short",
        WavResult.UnsupportedCoding => "it is neither 16-bit PCM nor A-law or μ-law",
        WavResult.UnsupportedRate => "its sample rate is not 8, 11.025, 16, 22.05, 24, 32, 44.1 or 48 kHz",
        WavResult.UnsupportedChannels => "it is neither mono nor stereo",
        WavResult.NoSound => "there is no sound in it",
        WavResult.CutShort => "it ends before its sound does",
        WavResult.TooLong => "it is longer than ten minutes",
        _ => "it cannot be used",
    };
}
