using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Treatment;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Finds the route of the called number; the call waits a bounded time while the number is being asked for.
/// </summary>
internal static class LookUpRoute
{
    // :: Step 5
    public static void Run(CallEngine engine, Call call, in ReceivedAt at)
    {
        switch (engine.Routes.Find(call.Facts.Called, engine.Worker, out var route))
        {
            case RouteLookup.Pending:
                Wait(engine, call, at);
                break;
            case RouteLookup.Found when route!.Enabled:
                Settle(engine, call, route);
                RunTreatment.Start(engine, call, at);
                break;
            case RouteLookup.Unavailable:
                Settle(engine, call, null);
                EndCall.Refuse(engine, call, EndReason.RouteUnavailable, 503, at);
                break;
            default:
                Settle(engine, call, route);
                EndCall.Refuse(engine, call, EndReason.UnknownNumber, 404, at);
                break;
        }
    }

    /// <summary>The wait was too long: the call is refused and recorded.</summary>
    public static void OnTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        engine.StopWaiting(call);
        Settle(engine, call, null);
        EndCall.Refuse(engine, call, EndReason.RouteUnavailable, 503, at);
    }

    /// <summary>Puts the call on record before anything is done for it.</summary>
    public static void Settle(CallEngine engine, Call call, Route? route)
    {
        engine.Timers.Cancel(ref call.StepTimer);
        call.Facts.Route = route;
        var flow = call.Inbound.Flow;
        call.Facts.InboundTrunk = engine.Routes.Trunks.FindInbound(flow.Remote, route?.OperatorId, flow.Kind);
        if (call.Facts.InboundTrunk is { } trunk) call.InboundLease.MoveTo(trunk);
        CallerTrust.Settle(engine, call);
        call.State = CallState.Dialing;
        engine.Journal.Started(call.Facts);
    }

    private static void Wait(CallEngine engine, Call call, in ReceivedAt at)
    {
        engine.WaitForRoute(call);
        if (!call.StepTimer.IsNone) return;
        var delayMs = engine.Settings.RouteTimeoutMs;
        call.StepTimer = engine.Timers.Schedule(at.NowMs, delayMs, (ushort)CallTimer.RouteTimeout, call.Slot);
    }
}
