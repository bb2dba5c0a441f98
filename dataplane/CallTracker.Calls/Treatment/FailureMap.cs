using CallTracker.Calls.Model;

namespace CallTracker.Calls.Treatment;

/// <summary>What a destination's refusal means for the record and for the caller. Stateless.</summary>
internal static class FailureMap
{
    /// <summary>The outcome of an attempt that ended with this final status.</summary>
    /// <param name="code">Final status from the destination.</param>
    /// <param name="hasRung">True when it had rung before.</param>
    public static CallOutcome OutcomeOf(int code, bool hasRung) => code switch
    {
        486 or 600 or 603 or 607 => CallOutcome.Busy,
        480 or 487 => CallOutcome.NoAnswer,
        408 => hasRung ? CallOutcome.NoAnswer : CallOutcome.Unresponsive,
        _ => CallOutcome.LineUnavailable,
    };

    /// <summary>
    /// The status the caller gets. What concerns our own hop only (authentication, redirection, loops, protocol
    /// faults of
    /// ours) is not the caller's business and becomes 480, 500 or 503 (RFC 3261 section 16.7 item 6 for proxies, same
    /// reason here).
    /// </summary>
    public static ushort ToCaller(int code) => code switch
    {
        >= 300 and < 400 => 480,
        401 or 402 or 403 or 407 => 503,
        400 or 413 or 414 or 416 or 420 or 421 or 422 or 423 or 481 or 482 or 483 or 485 or 493 or 494 => 500,
        487 => 480,
        >= 400 and < 700 => (ushort)code,
        _ => 500,
    };
}
