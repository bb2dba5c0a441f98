namespace CallTracker.Sip.Transactions;

/// <summary>
/// What can happen to a transaction: responses (received by a client machine, given by the user to a server machine),
/// repeated requests, timers, the transport.
/// </summary>
internal enum TransactionInput : byte
{
    /// <summary>100 to 199.</summary>
    Provisional,

    /// <summary>200 to 299.</summary>
    Success,

    /// <summary>300 to 699.</summary>
    Failure,

    /// <summary>The request that opened a server transaction came again.</summary>
    RequestAgain,

    /// <summary>An ACK came to an INVITE server transaction.</summary>
    Ack,

    /// <summary>Timers A, E and G.</summary>
    RetransmitTimer,

    /// <summary>Timers B, F and H.</summary>
    GiveUpTimer,

    /// <summary>Timers D, I, J, K, L and M.</summary>
    LingerTimer,
    TransportError,
}
