using CallTracker.Backends.Recording;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Node.Options;

/// <summary>The recorder's settings from the environment. Read once at start; a bad value ends it.</summary>
internal sealed record RecordingOptions
{
    /// <summary>Bytes of each worker's ring, a power of two.</summary>
    public required int RingBytes { get; init; }
    /// <summary>Where recordings go; null: into the run folder.</summary>
    public string? Folder { get; init; }
    /// <summary>Where finished recordings go from there; null: they stay.</summary>
    public RecordingBucketOptions? Bucket { get; init; }
    /// <summary>All but the folder.</summary>
    public required RecordingSettings Settings { get; init; }

    public static RecordingOptions From(EnvironmentReader read, string nodeId)
    {
        var ringMb = read.Number("CALLTRACKER_RECORDING_MB", 16, 1, 1024);
        return new RecordingOptions
        {
            RingBytes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ringMb) << 20,
            Folder = read.Path("CALLTRACKER_RECORDINGS"),
            Bucket = read.Bucket(),
            Settings = new RecordingSettings
            {
                Folder = "",
                NodeId = nodeId,
                FreeBytesMin = (long)read.Number("CALLTRACKER_RECORDING_FREE_MB", 1024, 0, 1 << 24) << 20,
            },
        };
    }
}
