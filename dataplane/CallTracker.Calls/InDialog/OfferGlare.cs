using CallTracker.Calls.Engine;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// Whether an offer may be made on a leg now. One offer at a time in a call: what one side offers is answered by the
/// other (RFC 3261 section 14, RFC 3311 section 5.2, RFC 6337 section 2). Stateless.
/// </summary>
internal static class OfferGlare
{
    /// <summary>
    /// 0; 500 when the same side's offer is unanswered; 491 when ours to it, or the other side's, is, and while the
    /// call is being transferred.
    /// </summary>
    public static ushort Check(Call call, CallLeg leg)
    {
        // The outbound leg may be another one before it answers.
        if (call.Transfer is not null) return 491;
        if (leg.Reinvite.IsPending || (leg.Request.IsPending && leg.Request.HasOffer)) return 500;
        var other = call.OtherThan(leg);
        var isCrossing = other.Reinvite.IsPending || (other.Request.IsPending && other.Request.HasOffer)
            || !leg.UnacknowledgedServer.IsNone || !other.UnacknowledgedServer.IsNone
            || !leg.UnacknowledgedClient.IsNone || !other.UnacknowledgedClient.IsNone
            || IsReinviting(leg) || IsReinviting(other);
        return isCrossing ? (ushort)491 : (ushort)0;
    }

    // A refresh by UPDATE carries no offer, unless one is due.
    private static bool IsReinviting(CallLeg leg) =>
        !leg.Session.Refresh.IsNone && (!leg.AllowsUpdate || leg.Description.IsDue);
}
