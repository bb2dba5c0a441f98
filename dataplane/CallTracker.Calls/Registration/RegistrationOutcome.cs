using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;

namespace CallTracker.Calls.Registration;

/// <summary>What a REGISTER's end means for the next one. Stateless.</summary>
internal static class RegistrationOutcome
{
    private const int BackOffMsMin = 5_000;
    private const int BackOffMsMax = 300_000;
    private const int RetryAfterSecMax = 1_800;
    private const int ExpiresSecMax = 86_400;
    private const int RefreshMsMin = 1_000;

    /// <summary>
    /// Bound: the next REGISTER goes out at four fifths of what was granted, a little sooner by chance.
    /// </summary>
    public static void Succeed(CallEngine engine, TrunkRegistration one, SipMessage response, in ReceivedAt at)
    {
        one.State.Succeeded++;
        one.Failures = 0;
        var grantedMs = GrantedSec(engine, one, response) * 1000L;
        one.State.IsRegistered = grantedMs > 0;
        one.ExpiresMs = at.NowMs + grantedMs;
        one.DueMs = at.NowMs + Math.Max(RefreshMsMin, (grantedMs * 8 / 10) - Chance(engine, grantedMs / 20));
    }

    /// <summary>
    /// Refused or unanswered. 423 says what would be granted and is tried again at once, once; anything else waits
    /// longer each time, by chance between half and the whole, so that a carrier that comes back is not overrun
    /// (RFC 5626 section 4.5), or as long as Retry-After says.
    /// </summary>
    public static void Fail(CallEngine engine, TrunkRegistration one, SipMessage? response, in ReceivedAt at)
    {
        one.State.Failed++;
        if (at.NowMs >= one.ExpiresMs) one.State.IsRegistered = false;
        if (response is { StatusCode: 423 } && TryRaise(one, response))
        {
            one.DueMs = at.NowMs;
            return;
        }
        var doublings = Math.Min(one.Failures++, 8);
        var longestMs = (int)Math.Min(BackOffMsMax, (long)BackOffMsMin << doublings);
        var waitMs = (longestMs / 2L) + Chance(engine, longestMs / 2);
        one.DueMs = at.NowMs + Math.Max(waitMs, RetryAfterMs(response));
    }

    // Min-Expires = 1*DIGIT
    private static bool TryRaise(TrunkRegistration one, SipMessage response)
    {
        var text = response.Header(SipHeaderKind.MinExpires);
        if (!SipText.TryReadNumber(text, ExpiresSecMax, out var sec)) return false;
        var isHigher = sec > Math.Max(one.ExpiresSecMin, one.Trunk.RegisterExpiresSec);
        if (isHigher) one.ExpiresSecMin = (int)sec;
        return isHigher;
    }

    // The expires of our own Contact, else Expires, else what we asked for (RFC 3261 section 10.2.4).
    private static int GrantedSec(CallEngine engine, TrunkRegistration one, SipMessage response)
    {
        for (var i = 0; i < response.Count(SipHeaderKind.Contact); i++)
        {
            if (!NameAddrView.TryParse(response.Header(SipHeaderKind.Contact, i), out var contact)) continue;
            if (!SipUriView.TryParse(contact.Uri, out var uri) || !RegisterRequest.IsOwn(engine, uri, one.Trunk))
                continue;
            if (contact.Parameters.TryGet("expires"u8, out var own)
                && SipText.TryReadNumber(own, ExpiresSecMax, out var sec)) return (int)sec;
        }
        if (SipText.TryReadNumber(response.Header(SipHeaderKind.Expires), ExpiresSecMax, out var common))
            return (int)common;
        return Math.Max(one.Trunk.RegisterExpiresSec, one.ExpiresSecMin);
    }

    private static long RetryAfterMs(SipMessage? response)
    {
        if (response is null || response.Count(SipHeaderKind.RetryAfter) == 0) return 0;
        var text = response.Header(SipHeaderKind.RetryAfter);
        var end = text.IndexOfAny(" ;("u8);
        return SipText.TryReadNumber(end < 0 ? text : text[..end], RetryAfterSecMax, out var sec) ? sec * 1000L : 0;
    }

    // 0 to bound, from the worker's own unguessable tokens.
    private static long Chance(CallEngine engine, long bound)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        uint mixed = 0;
        foreach (var c in engine.Tokens.WriteTag(token)[^6..])
            mixed = (mixed << 4) | (uint)"0123456789abcdef"u8.IndexOf(c);
        return bound <= 0 ? 0 : mixed % (bound + 1);
    }
}
