using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Steps;

/// <summary>
/// A destination wants a longer session interval (422, RFC 4028 section 7.3): the same INVITE goes out again with its
/// Min-SE. The attempt and its timers go on.
/// </summary>
internal static class RetryInvite
{
    /// <summary>False when there is nothing to change; the attempt has failed then.</summary>
    public static bool TryRun(CallEngine engine, Call call, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode != 422 || call.Trunk is not { } trunk) return false;
        if (!RefreshSession.TryRaise(call.Outbound, response)) return false;
        engine.TakeBackEarlyDialogs(call);
        (call.HasEarlyOffer, call.Outbound.IsSettled) = (false, false);
        var invite = OutboundInvite.WriteAgain(engine, call, trunk);
        return !invite.IsEmpty && DialTarget.TryStart(engine, call, invite, at);
    }
}
