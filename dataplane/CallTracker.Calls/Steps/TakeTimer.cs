using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Calls.Transfers;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Steps;

/// <summary>
/// A timer of a call fired. The handle is compared, so that a spent one of an earlier call does nothing.
/// </summary>
internal static class TakeTimer
{
    public static void Run(CallEngine engine, Call call, CallTimer timer, TimerHandle handle, in ReceivedAt at)
    {
        switch (timer)
        {
            case CallTimer.RouteTimeout when TakeIf(ref call.StepTimer, handle):
                LookUpRoute.OnTimeout(engine, call, at);
                break;
            case CallTimer.RingTimeout when TakeIf(ref call.StepTimer, handle):
                FailAttempt.ByRingTimeout(engine, call, at);
                break;
            case CallTimer.TrunkTimeout when TakeIf(ref call.TrunkTimer, handle):
                TrunkWatch.OnTimer(engine, call, at);
                break;
            case CallTimer.DurationLimit when TakeIf(ref call.LifeTimer, handle):
                EndCall.BySystem(engine, call, EndReason.DurationLimit, at);
                break;
            case CallTimer.StirTimeout when TakeIf(ref call.Stir.Timer, handle):
                TakeStir.OnTimeout(engine, call, at);
                break;
            case CallTimer.ReliableRinging when TakeIf(ref call.Ringing.Timer, handle):
                SendReliably.OnTimer(engine, call, at);
                break;
            case CallTimer.SessionInbound when TakeIf(ref call.Inbound.Session.Timer, handle):
                KeepSession.OnTimer(engine, call, call.Inbound, at);
                break;
            case CallTimer.SessionOutbound when TakeIf(ref call.Outbound.Session.Timer, handle):
                KeepSession.OnTimer(engine, call, call.Outbound, at);
                break;
            case CallTimer.TransferTimeout when TakeIf(ref call.StepTimer, handle):
                FailTransfer.ByTimer(engine, call, at);
                break;
            default:
                break;
        }
    }

    private static bool TakeIf(ref TimerHandle expected, TimerHandle fired)
    {
        if (expected != fired) return false;
        expected = default;
        return true;
    }
}
