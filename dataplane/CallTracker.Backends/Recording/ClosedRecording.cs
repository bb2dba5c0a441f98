using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Recording;

/// <summary>A recording that is over, on its way into the catalogue.</summary>
/// <param name="Row">What it came to.</param>
/// <param name="HasFile">There is a file that has its end.</param>
internal sealed record ClosedRecording(RecordingRecord Row, bool HasFile)
{
    /// <summary>Its row went out before, without a file, when the disk had no room for the file's end.</summary>
    public bool IsCounted { get; init; }
}
