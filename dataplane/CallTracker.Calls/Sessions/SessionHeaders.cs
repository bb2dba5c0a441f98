using CallTracker.Calls.Engine;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Sessions;

/// <summary>Writes Session-Expires and Min-SE (RFC 4028 sections 4 and 5). Stateless.</summary>
internal static class SessionHeaders
{
    /// <summary>
    /// For INVITE and UPDATE of ours. The first one leaves the choice of the refresher to the peer, later ones keep it.
    /// </summary>
    public static void WriteRequest(ref SipWriter writer, CallLeg leg, in SessionPolicy policy)
    {
        if (policy.ExpiresSec == 0) return;
        var minSec = Math.Max(policy.MinSec, leg.Session.MinSec);
        var agreedSec = leg.Session.IntervalSec;
        writer.BeginHeader(SipHeaderKind.SessionExpires);
        writer.Number(Math.Max(agreedSec > 0 ? agreedSec : policy.ExpiresSec, minSec));
        if (agreedSec > 0) WriteRefresher(ref writer, leg.Session.IsOurs);
        writer.LineEnd();
        writer.Header(SipHeaderKind.MinSe, minSec);
    }

    /// <summary>For a 2xx of ours; Require says that the peer must refresh (section 9).</summary>
    public static void WriteResponse(ref SipWriter writer, in SessionTerms terms)
    {
        if (terms.IntervalSec == 0) return;
        writer.BeginHeader(SipHeaderKind.SessionExpires);
        writer.Number(terms.IntervalSec);
        WriteRefresher(ref writer, !terms.IsOurs);
        writer.LineEnd();
        if (!terms.IsOurs) writer.Header(SipHeaderKind.Require, "timer"u8);
    }

    private static void WriteRefresher(ref SipWriter writer, bool isUac) =>
        writer.Raw(isUac ? ";refresher=uac"u8 : ";refresher=uas"u8);
}
