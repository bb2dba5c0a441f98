namespace CallTracker.Calls.Tracing;

/// <summary>What stands behind a <see cref="TraceEntry"/>.</summary>
public enum TraceEntryKind : byte
{
    /// <summary>Nothing: the rest of the ring up to its end, where the next entry did not fit.</summary>
    Padding = 0,
    /// <summary>A SIP message as it was on the wire.</summary>
    Message,
    /// <summary>The trn_id of the call that a Call-ID belongs to.</summary>
    Dialog,
    /// <summary>A call is over; the payload is a <see cref="TraceEnd"/>.</summary>
    End,
    /// <summary>A call is dialled for the first time: whose it is is known. A <see cref="TraceEnd"/> too.</summary>
    Start,
}
