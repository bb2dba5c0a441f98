using CallTracker.Calls.Messages;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Sessions;

/// <summary>What two sides agree on for their session: RFC 4028 sections 7.2 and 9 as functions. Pure.</summary>
/// <param name="IntervalSec">0: no session timer.</param>
/// <param name="IsOurs">True when we refresh.</param>
internal readonly record struct SessionTerms(int IntervalSec, bool IsOurs)
{
    /// <summary>The request's interval must be refused with 422: shorter than we take, from a side that can do better.
    /// </summary>
    public static bool IsTooShort(SipMessage request, in SessionPolicy policy) =>
        policy.ExpiresSec > 0 && OptionTags.SupportsTimer(request)
        && TryRead(request, SipHeaderKind.SessionExpires, out var asked) && asked.Sec < policy.MinSec;

    /// <summary>Our answer to an INVITE or UPDATE.</summary>
    public static SessionTerms AsServer(SipMessage request, in SessionPolicy policy)
    {
        var canPeer = OptionTags.SupportsTimer(request);
        var isAsked = TryRead(request, SipHeaderKind.SessionExpires, out var asked);
        if (policy.ExpiresSec == 0 || (!isAsked && !canPeer)) return default;
        // A proxy on the way put in less than any may (section 5): nobody is bound by that.
        if (isAsked && asked.Sec < policy.MinSec) return default;
        var floorSec = policy.MinSec;
        if (TryRead(request, SipHeaderKind.MinSe, out var least)) floorSec = Math.Max(floorSec, least.Sec);
        var wantedSec = isAsked ? Math.Min(asked.Sec, policy.ExpiresSec) : policy.ExpiresSec;
        var sec = Math.Max(wantedSec, floorSec);
        // It may be made shorter, never longer (section 9).
        if (isAsked) sec = Math.Min(sec, asked.Sec);
        // Table 2: who asks may choose; without a choice a side that can refresh does.
        var isOurs = asked.Refresher == SessionRefresher.Uas || !canPeer;
        return new SessionTerms(sec, isOurs);
    }

    /// <summary>The peer's answer to our INVITE or UPDATE. Without the header the session does not expire.</summary>
    public static SessionTerms AsClient(SipMessage response, in SessionPolicy policy)
    {
        if (policy.ExpiresSec == 0 || !TryRead(response, SipHeaderKind.SessionExpires, out var given)) return default;
        // Shorter than the Min-SE we sent would make us refresh without end.
        return new SessionTerms(Math.Max(given.Sec, policy.MinSec), given.Refresher != SessionRefresher.Uas);
    }

    public static bool TryRead(SipMessage message, SipHeaderKind kind, out SessionExpiresValue value)
    {
        value = default;
        return message.Count(kind) > 0 && SessionExpiresValue.TryParse(message.Header(kind), out value);
    }
}
