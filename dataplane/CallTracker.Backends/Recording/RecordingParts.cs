using CallTracker.Contracts.Recordings;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>What all recordings of the writer share. The writer's thread.</summary>
internal sealed class RecordingParts
{
    private readonly Stack<RecordingTrack> _tracks = new();
    private UnendedRecordings? _unended;

    public required string NodeId { get; init; }
    public required RecordingKeys Keys { get; init; }
    public required IRecordingStore Store { get; init; }
    public required RecordingCounters Counters { get; init; }
    /// <summary>Is told of each recording that is over.</summary>
    public required Action<ClosedRecording> Closed { get; init; }
    public UnendedRecordings Unended => _unended ??= new UnendedRecordings(Counters);
    public RecordingScratch Scratch { get; } = new();
    public RecordingDecoders Decoders { get; } = new();

    /// <summary>
    /// As many are made as recordings ever ran at a time: their windows are what recording costs in memory.
    /// </summary>
    public RecordingTrack RentTrack() => _tracks.TryPop(out var track) ? track : new RecordingTrack(Decoders);

    public void ReturnTrack(RecordingTrack track)
    {
        track.Release();
        _tracks.Push(track);
    }
}
