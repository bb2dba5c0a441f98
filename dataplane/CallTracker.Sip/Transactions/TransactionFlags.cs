namespace CallTracker.Sip.Transactions;

/// <summary>Small facts of a <see cref="Transaction"/>.</summary>
[Flags]
internal enum TransactionFlags : byte
{
    None = 0,

    /// <summary>A CANCEL waits for the first provisional response (RFC 3261 section 9.1).</summary>
    CancelHeld = 1,
    CancelSent = 2,

    /// <summary>A transport failure is queued for the user.</summary>
    FailureQueued = 4,

    /// <summary>The layer's own request (CANCEL): the user is told nothing.</summary>
    IsOwn = 8,

    /// <summary>A request for UDP that went over TCP for its size; UDP is still left to try.</summary>
    IsSwitched = 16,

    /// <summary>The three bits of <see cref="Digest.DigestTries"/>, in its order.</summary>
    TriedServer = 32,
    TriedProxy = 64,
    TriedStale = 128,
}
