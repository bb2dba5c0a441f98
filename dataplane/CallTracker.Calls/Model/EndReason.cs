namespace CallTracker.Calls.Model;

/// <summary>Why a call ended; the backends write its snake_case name to end_reason.</summary>
public enum EndReason : byte
{
    None = 0,
    /// <summary>BYE from either side.</summary>
    Bye,
    /// <summary>CANCEL from the caller.</summary>
    Cancel,
    /// <summary>The last destination refused.</summary>
    Rejected,
    /// <summary>The last destination's ring time ran out.</summary>
    RingTimeout,
    /// <summary>The last destination's trunk did not answer at all.</summary>
    TrunkTimeout,
    UnknownNumber,
    /// <summary>No trunk takes the destination.</summary>
    NoTrunk,
    /// <summary>No media ports, call slots or buffers were left.</summary>
    Capacity,
    /// <summary>Routes could not be looked up.</summary>
    RouteUnavailable,
    /// <summary>The offer or the answer had no usable audio.</summary>
    UnusableMedia,
    /// <summary>The caller never acknowledged the answer.</summary>
    AckTimeout,
    MediaTimeout,
    /// <summary>The longest permitted duration was reached.</summary>
    DurationLimit,
    /// <summary>The call came back to this node.</summary>
    Loop,
    /// <summary>A peer broke the protocol in a way the call cannot survive.</summary>
    ProtocolError,
    /// <summary>The node was told to stop and the time to finish had passed.</summary>
    Drain,
    /// <summary>A restarted node closed the call from its journal.</summary>
    NodeRestart,
    /// <summary>A session timer ran out: the peer refreshed no more, or answered no refresh (RFC 4028).</summary>
    SessionExpired,
    /// <summary>The number may not forward to its destination (international, premium rate).</summary>
    DestinationForbidden,
}
