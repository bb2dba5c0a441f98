namespace CallTracker.Node.Streams;

/// <summary>Why a connection ended; a metric's label.</summary>
internal enum CloseCause : byte
{
    /// <summary>The peer closed it, or it broke.</summary>
    Peer,
    /// <summary>Nothing went over it for the idle time.</summary>
    Idle,
    /// <summary>A message took too long to become whole.</summary>
    PartialMessage,
    /// <summary>What came is not SIP.</summary>
    Garbage,
    /// <summary>SIP that cannot be cut into messages: no usable Content-Length, or too long.</summary>
    BadFraming,
    /// <summary>The peer takes no bytes.</summary>
    WriteStalled,
    /// <summary>No trunk admits the source any more.</summary>
    UnknownSource,
    /// <summary>From an unknown address, and not registered in time, or said something else.</summary>
    Unauthenticated,
    /// <summary>An outbound connection did not come about.</summary>
    ConnectFailed,
    /// <summary>The TLS handshake of a peer failed.</summary>
    HandshakeFailed,
    /// <summary>The node stops.</summary>
    Shutdown,
}
