namespace CallTracker.Node.Streams;

/// <summary>What became of a message given to a connection.</summary>
internal enum QueueResult : byte
{
    Queued = 0,
    /// <summary>Too much waits already.</summary>
    Full,
    /// <summary>The connection is over.</summary>
    Closed,
}
