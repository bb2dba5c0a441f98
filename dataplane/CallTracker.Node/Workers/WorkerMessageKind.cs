namespace CallTracker.Node.Workers;

/// <summary>What other threads tell a worker.</summary>
internal enum WorkerMessageKind : byte
{
    /// <summary>
    /// A message for a call this worker owns: a datagram received by another worker, or one from a connection.
    /// </summary>
    Datagram,
    /// <summary>A message for this worker when it knows its INVITE, else for the other that may take it.</summary>
    Inquiry,
    /// <summary>A message of this worker's could not be delivered by its connection.</summary>
    SendFailed,
    /// <summary>A pending route look-up has its answer.</summary>
    RouteSettled,
    /// <summary>The STIR service answered.</summary>
    StirDone,
    /// <summary>Take no new calls.</summary>
    Drain,
    /// <summary>End all calls now.</summary>
    EndCalls,
    /// <summary>Take registrations with trunks back.</summary>
    Unregister,
    /// <summary>Somebody asks for the media of a call in progress.</summary>
    ReadMedia,
    /// <summary>Somebody pauses or resumes a call's recording, or notes the consent.</summary>
    OrderRecording,
    /// <summary>Leave the loop.</summary>
    Stop,
}
