using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Media.Dtmf;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Digits;

/// <summary>
/// INFO in a call. A digit in it goes to the other side in that one's way where the two trunks differ, and is answered
/// here; everything else is carried over as it is. Worker thread only.
/// </summary>
internal static class TakeInfo
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage info, in SipFlow flow,
        in ReceivedAt at)
    {
        var plan = engine.Media.Dtmf.PlanOf(call.Media, leg.Side);
        var isOurs = plan != default && call.State == CallState.Talking
            && DigitBody.TryReadType(info.ContentType, out _);
        if (!isOurs)
        {
            CarryRequest.Run(engine, call, leg, tx, info, flow, at);
            return;
        }
        var isRead = DigitBody.TryRead(info.Body, out var key, out var durationMs);
        Reply.Send(engine, tx, info, flow, isRead ? (ushort)200 : (ushort)400, at, call.TrunkOf(leg));
        // A side that sends its digits in another way as well would be heard twice.
        if (!isRead || plan.From.Way != DtmfWay.Info) return;
        _ = DigitBody.TryReadType(info.ContentType, out leg.Digits.Form);
        engine.Media.Dtmf.Enter(call.Media, leg.Side, key, durationMs, at.NowMs);
        HearDigit.Run(engine, call, leg, key, durationMs, at);
    }
}
