using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Recording;

/// <summary>
/// What recording did since start. The writer's thread and the catalogue's task write, each its own; any thread reads.
/// </summary>
internal sealed class RecordingCounters
{
    private readonly long[] _closed = new long[(int)RecordingState.Deleted + 1];
    private long _open;
    private long _bytes;
    private long _stretches;
    private long _failures;
    private long _endsWaiting;
    private long _rows;
    private long _rowsDropped;

    /// <summary>Recordings being made.</summary>
    public long Open => Volatile.Read(ref _open);

    /// <summary>Bytes written.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Seconds of sound written.</summary>
    public long Stretches => Volatile.Read(ref _stretches);

    /// <summary>Writes that the store refused.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Recordings that are over and wait for room for their end.</summary>
    public long EndsWaiting => Volatile.Read(ref _endsWaiting);

    /// <summary>Rows in ClickHouse.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Rows that found no place in memory; those with a file come at the next start.</summary>
    public long RowsDropped => Volatile.Read(ref _rowsDropped);

    /// <summary>Recordings closed in a state.</summary>
    public long Closed(RecordingState state) => Volatile.Read(ref _closed[(int)state]);

    internal void CountOpen(int change) => Interlocked.Add(ref _open, change);

    internal void CountBytes(int count) => Interlocked.Add(ref _bytes, count);

    internal void CountStretch() => Interlocked.Increment(ref _stretches);

    internal void CountFailure() => Interlocked.Increment(ref _failures);

    internal void CountEndsWaiting(int change) => Interlocked.Add(ref _endsWaiting, change);

    internal void CountRows(int count) => Interlocked.Add(ref _rows, count);

    internal void CountRowDropped() => Interlocked.Increment(ref _rowsDropped);

    internal void CountClosed(RecordingState state) => Interlocked.Increment(ref _closed[(int)state]);
}
