namespace CallTracker.Node.Streams;

/// <summary>Why a connection was not taken or not opened; a metric's label.</summary>
internal enum RefuseCause : byte
{
    /// <summary>No trunk admits the source, and none accepts registration; nothing was read.</summary>
    UnknownSource,
    /// <summary>As many connections as allowed are there.</summary>
    Limit,
    /// <summary>As many as allowed are there from this address.</summary>
    SourceLimit,
    /// <summary>As many as allowed are there, or came this second, from unknown addresses.</summary>
    StrangerLimit,
}
