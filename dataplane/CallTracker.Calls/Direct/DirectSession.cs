using CallTracker.Calls.Engine;
using CallTracker.Calls.Sessions;

namespace CallTracker.Calls.Direct;

/// <summary>
/// A direct call whose BYE was lost is found by its signalling alone: a peer that agreed to no session timer is asked
/// all the same, by UPDATE or by a re-INVITE with the SDP it has, at half the interval that its trunk would have had.
/// Any answer but 408 and 481 shows that it knows the call. Stateless.
/// </summary>
internal static class DirectSession
{
    /// <summary>What a leg's session is kept by where its peer agreed to nothing; default for other calls.</summary>
    public static SessionTerms TermsOf(CallEngine engine, Call call, CallLeg leg)
    {
        if (!call.IsDirect) return default;
        return new SessionTerms(SessionPolicy.Of(engine, call.TrunkOf(leg)).ExpiresSec, IsOurs: true);
    }
}
