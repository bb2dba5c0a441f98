namespace CallTracker.Node.Workers;

/// <summary>What other threads tell a worker.</summary>
internal enum WorkerMessageKind : byte
{
    /// <summary>A datagram for a call this worker owns, received by another.</summary>
    Datagram,
    /// <summary>A pending route look-up has its answer.</summary>
    RouteSettled,
    /// <summary>Take no new calls.</summary>
    Drain,
    /// <summary>End all calls now.</summary>
    EndCalls,
    /// <summary>Take registrations with trunks back.</summary>
    Unregister,
    /// <summary>Leave the loop.</summary>
    Stop,
}
