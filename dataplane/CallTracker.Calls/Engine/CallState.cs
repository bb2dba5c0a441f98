namespace CallTracker.Calls.Engine;

/// <summary>Where a call is on its path.</summary>
internal enum CallState : byte
{
    Free = 0,
    /// <summary>Waits for its route (step 5).</summary>
    LookingUp,
    /// <summary>A destination was asked (step 7); ringing or not.</summary>
    Dialing,
    /// <summary>Answered; media flows (step 9).</summary>
    Talking,
    /// <summary>
    /// Recorded and over, but the caller has not acknowledged our 2xx yet: BYE waits for that (RFC 3261 section 15).
    /// </summary>
    AwaitingAck,
}
