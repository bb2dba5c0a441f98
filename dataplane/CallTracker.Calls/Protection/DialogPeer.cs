using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Protection;

/// <summary>
/// Who may speak in a dialog. Tags and Call-ID prove that a sender saw its messages; the source must also be one of
/// its side: the address the leg's INVITE came from or went to, its next hop by Contact or Record-Route, or any source
/// of the leg's trunk (a carrier may hang up from another of its servers). Ports are not compared: connections and
/// clusters change them. Anything else is answered as if there were no such dialog. Stateless.
/// </summary>
internal static class DialogPeer
{
    /// <summary>True, and counted, when the source is not of the leg's peer.</summary>
    public static bool IsForeign(
        CallEngine engine, Call call, CallLeg leg, SipMessage request, in SipFlow flow)
    {
        var source = flow.Remote;
        if (leg.Flow.Remote.SameAddress(source)) return false;
        if (leg.Dialog.TryGetNextHop(out var hop) && hop.SameAddress(source)) return false;
        if (TrunkOf(call, leg) is { } trunk && Owns(trunk, source)) return false;
        // Wrong identifiers are another matter, and counted as such.
        if (leg.Dialog.Names(request)) engine.Counters.ForeignRequests++;
        return true;
    }

    private static Trunk? TrunkOf(Call call, CallLeg leg) =>
        leg == call.Inbound ? call.Facts.InboundTrunk : call.Trunk;

    private static bool Owns(Trunk trunk, in IpEndpoint source)
    {
        if (trunk.Address.SameAddress(source)) return true;
        foreach (var rule in trunk.InboundFrom)
        {
            if (rule.Matches(source)) return true;
        }
        return false;
    }
}
