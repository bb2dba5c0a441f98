using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;

namespace CallTracker.Calls.Protection;

/// <summary>
/// Finds calls that run in circles through forwardings outside this node, which Via lines do not show: each forward of
/// ours leaves the tracking number in Diversion or History-Info, so a number that comes back to itself is found at
/// once, and a ring of two numbers at its second forward. A number that calls itself (a shop's exchange that sends
/// our call back without either header) is one, too. Stateless.
/// </summary>
internal static class ForwardingGuard
{
    public static bool IsLoop(CallEngine engine, Call call)
    {
        var facts = call.Facts;
        if (facts.Caller == facts.Called || call.Caller.Asserted == facts.Called) return true;
        if (!call.Caller.HasHistory) return false;
        var chain = ForwardingHeaders.ChainOf(engine, call);
        return chain.Contains(facts.Called) || chain.Hops >= engine.Settings.ForwardingsMax;
    }
}
