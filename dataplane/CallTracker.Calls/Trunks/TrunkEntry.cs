using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Trunks;

/// <summary>The limits of the trunk that a new call comes from. Worker thread only.</summary>
internal static class TrunkEntry
{
    /// <summary>
    /// Takes a channel; false when the trunk's channels or calls per second are used up, or no trunk admits the source.
    /// </summary>
    public static bool TryEnter(CallEngine engine, in SipFlow flow, in ReceivedAt at, out Trunk trunk)
    {
        trunk = engine.Routes.Trunks.FindInbound(flow.Remote, null, flow.Kind)!;
        return trunk is not null && trunk.Load.TryEnter(trunk, outbound: false, at.NowMs);
    }
}
