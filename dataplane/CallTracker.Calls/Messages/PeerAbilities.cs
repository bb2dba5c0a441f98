using CallTracker.Calls.Engine;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Messages;

/// <summary>What a leg's peer says it can do. Stateless.</summary>
internal static class PeerAbilities
{
    /// <summary>The last Allow counts; a message without one changes nothing (RFC 3261 section 20.5).</summary>
    public static void Note(CallLeg leg, SipMessage message)
    {
        if (message.Count(SipHeaderKind.Allow) > 0)
            leg.AllowsUpdate = message.HasToken(SipHeaderKind.Allow, "UPDATE"u8);
    }
}
