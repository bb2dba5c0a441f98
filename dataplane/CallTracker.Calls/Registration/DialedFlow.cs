using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Registration;

/// <summary>Where a call to a trunk that registers with us goes. Worker thread only.</summary>
internal static class DialedFlow
{
    /// <summary>
    /// Notes the leg's trunk; for one that registers, also its binding, by whose flow the call goes. False when it is
    /// not registered now.
    /// </summary>
    public static bool TryTake(CallEngine engine, CallLeg leg, Trunk trunk, in SipFlow flow, in ReceivedAt at)
    {
        (leg.Trunk, leg.Binding, leg.Flow) = (trunk, null, flow);
        if (!trunk.AcceptsRegistration) return true;
        leg.Binding = engine.Access.Shared.Bindings.FindForCall(trunk.Id, at.UnixMs);
        if (leg.Binding is null) return false;
        leg.Flow = leg.Binding.Flow;
        return true;
    }
}
