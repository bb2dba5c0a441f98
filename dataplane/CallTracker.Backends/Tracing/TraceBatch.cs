namespace CallTracker.Backends.Tracing;

/// <summary>Rows on their way to ClickHouse. Immutable once it is in the queue.</summary>
internal sealed record TraceBatch(ReadOnlyMemory<byte> Rows, int Count);
