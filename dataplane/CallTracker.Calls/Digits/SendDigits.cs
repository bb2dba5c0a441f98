using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Digits;

/// <summary>
/// Tells a leg's peer digits by INFO, each after the answer to the one before. Worker thread only.
/// </summary>
internal static class SendDigits
{
    private const int MaxForwards = 70;

    /// <summary>One more digit; lost and counted when too many wait.</summary>
    public static void Add(CallEngine engine, Call call, CallLeg leg, byte key, int durationMs, in ReceivedAt at)
    {
        if (call.State == CallState.Talking && leg.Digits.TryAdd(key, durationMs)) SendNext(engine, call, leg, at);
        else engine.Media.Dtmf.Counters.AddLost();
    }

    /// <summary>The peer answered. An INFO of a type that it does not take goes out once more as the other.</summary>
    public static void OnResponse(CallEngine engine, Call call, CallLeg leg, SipMessage response, in ReceivedAt at)
    {
        if (!leg.Digits.IsPending || response.StatusCode < 200) return;
        var isOtherForm = response.StatusCode == 415 && leg.Digits.Form == DigitForm.Relay;
        if (isOtherForm) leg.Digits.Form = DigitForm.Plain;
        Finish(engine, call, leg, isTold: response.StatusCode < 300, isRepeated: isOtherForm, at);
    }

    /// <summary>The peer never answered.</summary>
    public static void OnTimeout(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (leg.Digits.IsPending) Finish(engine, call, leg, isTold: false, isRepeated: false, at);
    }

    private static void Finish(
        CallEngine engine, Call call, CallLeg leg, bool isTold, bool isRepeated, in ReceivedAt at)
    {
        leg.Digits.IsPending = false;
        if (!isRepeated) leg.Digits.RemoveFirst();
        if (!isTold && !isRepeated) engine.Media.Dtmf.Counters.AddLost();
        SendNext(engine, call, leg, at);
    }

    private static void SendNext(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        while (call.State == CallState.Talking && !leg.Digits.IsPending && leg.Digits.Count > 0)
        {
            if (TrySend(engine, call, leg, at)) return;
            leg.Digits.RemoveFirst();
            engine.Media.Dtmf.Counters.AddLost();
        }
    }

    private static bool TrySend(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        Span<byte> body = stackalloc byte[DigitBody.LengthMax];
        var (key, durationMs) = leg.Digits.First;
        var length = DigitBody.Write(leg.Digits.Form, key, durationMs, body);
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        LegRequest.Begin(ref writer, engine, leg, flow, SipMethod.Info, MaxForwards);
        writer.Body(DigitBody.TypeOf(leg.Digits.Form), body[..length]);
        if (writer.Overflowed) return false;
        var role = leg == call.Inbound ? TransactionRole.DigitInbound : TransactionRole.DigitOutbound;
        // Before the start: what cannot be sent may be told at once.
        leg.Digits.IsPending = true;
        var sent = engine.Sip.StartRequest(writer.Written, SipMethod.Info, flow, call.Ref(role).ToUser(), at.NowMs);
        if (sent.IsNone) leg.Digits.IsPending = false;
        return !sent.IsNone;
    }
}
