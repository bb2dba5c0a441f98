using CallTracker.Contracts.Recordings;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>Where the writer's thread works: one for all its recordings.</summary>
internal sealed class RecordingScratch
{
    /// <summary>A second of side A.</summary>
    public byte[] A { get; } = new byte[RecordingTrack.StretchBytes];

    /// <summary>A second of side B.</summary>
    public byte[] B { get; } = new byte[RecordingTrack.StretchBytes];

    /// <summary>What a chunk holds.</summary>
    public byte[] Content { get; } = new byte[RecordingFormat.ContentLengthMax];

    /// <summary>The sealed chunk.</summary>
    public byte[] Chunk { get; } = new byte[RecordingFormat.ContentLengthMax + RecordingFormat.ChunkOverhead];
}
