using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Media.Dtmf;

namespace CallTracker.Calls.Digits;

/// <summary>
/// A leg's peer pressed a key, however it said so. Whoever listens to a caller's keys does so here. Keys are never
/// logged: they may be the digits of a card. Worker thread only.
/// </summary>
internal static class HearDigit
{
    public static void Run(CallEngine engine, Call call, CallLeg leg, byte key, int durationMs, in ReceivedAt at)
    {
        if (engine.Media.Dtmf.PlanOf(call.Media, leg.Side).To.Way == DtmfWay.Info)
            SendDigits.Add(engine, call, call.OtherThan(leg), key, durationMs, at);
    }
}
