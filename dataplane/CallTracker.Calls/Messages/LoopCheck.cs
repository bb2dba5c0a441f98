using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Finds an INVITE of ours that came back: one of its Via lines names this node (RFC 3261 section 16.3 item 4).
/// </summary>
internal static class LoopCheck
{
    public static bool IsOurs(CallEngine engine, SipMessage invite)
    {
        for (var i = 0; i < invite.Count(SipHeaderKind.Via); i++)
        {
            if (!SipViaView.TryParse(invite.Header(SipHeaderKind.Via, i), out var via)) continue;
            var port = via.SentByPort == 0 ? (ushort)5060 : via.SentByPort;
            if (!IpEndpoint.TryParseAddress(via.SentByHost, port, out var sentBy)) continue;
            if (sentBy == engine.Settings.SipAddressOf(new SipFlow(via.Transport, 0, 0, sentBy))) return true;
        }
        return false;
    }
}
