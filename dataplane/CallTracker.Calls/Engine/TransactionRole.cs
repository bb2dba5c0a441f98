namespace CallTracker.Calls.Engine;

/// <summary>What a transaction is to its call; five bits of <see cref="CallRef"/>.</summary>
internal enum TransactionRole : byte
{
    /// <summary>The caller's INVITE that opened the call (server).</summary>
    InboundInvite = 0,
    /// <summary>
    /// Our INVITE to a destination (client). The attempt's number tells a late answer from the present one.
    /// </summary>
    Attempt = 1,
    /// <summary>A re-INVITE of the caller's side, carried to the other (client).</summary>
    ReinviteFromInbound = 11,
    ReinviteFromOutbound = 12,
    /// <summary>INFO and the like of the caller's side, carried to the other (client).</summary>
    RequestFromInbound = 13,
    RequestFromOutbound = 14,
    /// <summary>Nobody waits for the outcome (BYE, a request answered at once).</summary>
    Detached = 15,
    /// <summary>A session refresh of our own towards the caller (client).</summary>
    RefreshInbound = 16,
    RefreshOutbound = 17,
    /// <summary>Our INVITE to a transfer's target (client).</summary>
    Transfer = 18,
    /// <summary>An INFO of ours with a digit for the caller (client).</summary>
    DigitInbound = 19,
    DigitOutbound = 20,
}
