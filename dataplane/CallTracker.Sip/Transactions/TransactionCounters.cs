namespace CallTracker.Sip.Transactions;

/// <summary>
/// What a layer has counted since its start, and its gauges; read for metrics on the worker's thread.
/// </summary>
public struct TransactionCounters
{
    /// <summary>Messages sent again by a timer or because the peer repeated itself.</summary>
    public long RetransmitsOut;

    /// <summary>Requests and responses that a transaction recognised as repeated.</summary>
    public long RetransmitsIn;
    public long Timeouts;
    public long TransportFailures;

    /// <summary>Requests for UDP that went over TCP for their size.</summary>
    public long SwitchedToTcp;

    /// <summary>Of those, the ones that went over UDP after all.</summary>
    public long FellBackToUdp;

    /// <summary>Requests refused with 503 at a bound.</summary>
    public long RefusedAtBound;

    /// <summary>Responses that were sent without being kept, because the buffers were at their bound.</summary>
    public long NotKept;

    /// <summary>Lingering transactions forgotten early.</summary>
    public long ForgottenEarly;
    public long StrayResponses;

    /// <summary>Messages that the parser refused.</summary>
    public long Malformed;

    /// <summary>CANCEL requests answered with 481.</summary>
    public long UnmatchedCancels;
    /// <summary>CANCEL and ACK from another address than their INVITE's; not acted upon.</summary>
    public long ForeignRequests;
    public int InviteServerActive;
    public int NonInviteServerActive;
    public int InviteClientActive;
    public int NonInviteClientActive;
    public int Lingering;

    /// <summary>Bytes of kept messages in use, with what size classes round up.</summary>
    public long BufferBytesUsed;

    public readonly int Active =>
        InviteServerActive + NonInviteServerActive + InviteClientActive + NonInviteClientActive;
}
