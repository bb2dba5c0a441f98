namespace CallTracker.Backends.Recording;

/// <summary>
/// Recordings that are over and whose files have no end yet, because the disk had no room for it. Their rows are out,
/// without a file; once the end is written they go out again, with it. The writer's thread.
/// </summary>
internal sealed class UnendedRecordings(RecordingCounters counters) : IDisposable
{
    /// <summary>Each keeps its file open; those beyond get their end at the next start.</summary>
    public const int CountMax = 1000;
    private readonly Queue<(RecordingFileWriter File, ClosedRecording Closed)> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>Takes a file over; false when it is not begun, or too many wait.</summary>
    public bool TryKeep(RecordingFileWriter file, ClosedRecording closed)
    {
        if (!file.IsBegun || _waiting.Count == CountMax) return false;
        _waiting.Enqueue((file, closed));
        counters.CountEndsWaiting(1);
        return true;
    }

    /// <summary>Ends what can be ended now; the first that cannot tells that the others need not be tried.</summary>
    /// <param name="scratch">For the sealed chunk.</param>
    /// <param name="ended">Is told of each.</param>
    public void Retry(byte[] scratch, Action<ClosedRecording> ended)
    {
        while (_waiting.TryPeek(out var next))
        {
            var (summary, isEnded) = next.File.End(next.Closed.Row.Summary, scratch);
            if (!isEnded) return;
            ended(new ClosedRecording(OpenRecording.RowOf(next.File.Header, summary, next.File.Bytes), HasFile: true)
            {
                IsCounted = true,
            });
            Drop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_waiting.Count > 0) Drop();
    }

    private void Drop()
    {
        _waiting.Dequeue().File.Dispose();
        counters.CountEndsWaiting(-1);
    }
}
