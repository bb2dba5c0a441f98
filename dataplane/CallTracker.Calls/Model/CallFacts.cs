using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;

namespace CallTracker.Calls.Model;

/// <summary>
/// What is known of one call for its record. Pooled with the call and owned by its worker; a journal copies what it
/// needs before it returns. Times are Unix milliseconds (UTC) of message receipt, 0 when the event did not happen.
/// </summary>
public sealed class CallFacts
{
    /// <summary>Destinations one call may try.</summary>
    public const int AttemptsMax = 10;
    /// <summary>Every 処理ID has this many characters.</summary>
    public const int TrnIdLength = 24;
    private readonly byte[] _trnId = new byte[TrnIdLength];
    private readonly AttemptFacts[] _attempts = new AttemptFacts[AttemptsMax];

    /// <summary>処理ID as ASCII; unique everywhere.</summary>
    public Span<byte> TrnId => _trnId;
    public PhoneNumber Called { get; set; }
    /// <summary>Empty when withheld or not a number.</summary>
    public PhoneNumber Caller { get; set; }
    public bool CallerWithheld { get; set; }
    public bool CallerPayphone { get; set; }
    /// <summary>Null for a number that has none.</summary>
    public Route? Route { get; set; }
    public Trunk? InboundTrunk { get; set; }
    public long DinUnixMs { get; set; }
    /// <summary>Start of forwarding to the last destination tried.</summary>
    public long FwdUnixMs { get; set; }
    public long TstUnixMs { get; set; }
    public long EocUnixMs { get; set; }
    public CallOutcome Outcome { get; set; }
    public CallParty EndedBy { get; set; }
    public EndReason Reason { get; set; }
    /// <summary>Final status sent to the caller; 0 while there is none.</summary>
    public ushort SipCode { get; set; }
    /// <summary>What verification says of the caller's number; default where the trunk does not ask.</summary>
    public StirVerdict Stir { get; set; }
    public MediaFigures InboundMedia { get; set; }
    public MediaFigures OutboundMedia { get; set; }
    /// <summary>The way of its media; of an unanswered call that of the last attempt.</summary>
    public MediaMode MediaMode { get; set; }
    /// <summary>Whose media failed; None unless that ended the call.</summary>
    public MediaFault MediaFault { get; set; }
    /// <summary>What of the call is recorded.</summary>
    public CallRecording Recording { get; set; }
    public int AttemptCount { get; private set; }

    /// <summary>The attempts made so far, the last one being in progress or final.</summary>
    public Span<AttemptFacts> Attempts => _attempts.AsSpan(0, AttemptCount);

    /// <summary>Opens the next attempt; false when <see cref="AttemptsMax"/> were made.</summary>
    public bool TryAddAttempt(PhoneNumber target, Trunk? trunk)
    {
        if (AttemptCount == AttemptsMax) return false;
        _attempts[AttemptCount++] = new AttemptFacts { Target = target, Trunk = trunk };
        return true;
    }

    /// <summary>Forgets the last attempt, which came to nothing that belongs on the record.</summary>
    internal void DropAttempt() => _attempts[--AttemptCount] = default;

    /// <summary>Makes the object ready for another call.</summary>
    public void Reset()
    {
        _attempts.AsSpan(0, AttemptCount).Clear();
        AttemptCount = 0;
        (Called, Caller) = (default, default);
        (CallerWithheld, CallerPayphone) = (false, false);
        (Route, InboundTrunk) = (null, null);
        (DinUnixMs, FwdUnixMs, TstUnixMs, EocUnixMs) = (0, 0, 0, 0);
        (Outcome, EndedBy, Reason, SipCode) = (default, default, default, 0);
        (Stir, Recording, MediaMode) = (default, default, default);
        (InboundMedia, OutboundMedia, MediaFault) = (default, default, default);
    }
}
