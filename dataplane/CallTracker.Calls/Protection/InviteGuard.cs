using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Protection;

/// <summary>
/// What speaks against taking an INVITE for a new call, besides what its step checks itself. Stateless.
/// </summary>
internal static class InviteGuard
{
    /// <summary>0, or the status that refuses it.</summary>
    public static ushort Check(CallEngine engine, SipMessage invite)
    {
        if (!engine.Shedder.Admits(engine, invite)) return 503;
        // RFC 3323 section 5: a service that cannot grant a critical wish refuses.
        if (CallerIdentity.WantsTheImpossible(invite)) return 500;
        // RFC 3261 section 8.1.1.8: exactly one; of two, each hop could take another.
        return invite.Count(SipHeaderKind.Contact) > 1 ? (ushort)400 : (ushort)0;
    }
}
