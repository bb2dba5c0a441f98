using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// <c>X-CallTracker-Id: trn_id</c> on the outbound INVITE, for an operator who owns the next hop too and wants to find
/// a call there. Off by default, and to trusted trunks only: the id tells our start time and worker. Stateless.
/// </summary>
internal static class CorrelationHeader
{
    public static void Write(ref SipWriter writer, CallEngine engine, Call call, Trunk trunk)
    {
        if (!engine.Settings.ShowsCorrelationId || !trunk.Trusted) return;
        writer.Header("X-CallTracker-Id"u8, call.Facts.TrnId);
    }
}
