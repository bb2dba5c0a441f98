using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Early;

/// <summary>
/// Reliable 18x to the caller (RFC 3262 section 3): numbered, repeated until the PRACK, one at a time. What the
/// destination says meanwhile is put together into the next one. Worker thread only.
/// </summary>
internal static class SendReliably
{
    private const int GiveUpFactor = 64;

    public static void Run(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        if (!body.IsEmpty) call.Ringing.SdpVersion = call.Inbound.Origin.Version;
        if (call.Ringing.IsOpen) PutOff(engine, call, code, body);
        else Send(engine, call, code, body, at);
    }

    /// <summary>The PRACK came: what waited for it follows.</summary>
    public static void SendNext(CallEngine engine, Call call, in ReceivedAt at)
    {
        ref var ringing = ref call.Ringing;
        if (ringing.NextCode == 0) return;
        var (code, body) = (ringing.NextCode, ringing.NextBody);
        (ringing.NextCode, ringing.NextBody) = (0, default);
        Send(engine, call, code, body.Bytes, at);
        body.Release(engine.Buffers);
    }

    /// <summary>
    /// The response is repeated in doubling intervals from T1 on; after 64 times T1 the call is refused.
    /// </summary>
    public static void OnTimer(CallEngine engine, Call call, in ReceivedAt at)
    {
        ref var ringing = ref call.Ringing;
        var giveUpMs = ringing.SentMs + ((long)engine.T1Ms * GiveUpFactor);
        if (at.NowMs >= giveUpMs)
        {
            call.Facts.Outcome = CallOutcome.LineUnavailable;
            EndCall.Unanswered(engine, call, EndReason.AckTimeout, 504, at);
            return;
        }
        engine.Sip.Respond(call.Inbound.Invite, ringing.Sent.Bytes, at.NowMs);
        ringing.IntervalMs *= 2;
        Schedule(engine, call, Math.Min(ringing.IntervalMs, giveUpMs - at.NowMs), at);
    }

    /// <summary>Nothing is repeated any more; the PRACK may still come.</summary>
    public static void Stop(CallEngine engine, Call call)
    {
        engine.Timers.Cancel(ref call.Ringing.Timer);
        call.Ringing.Release(engine.Buffers);
    }

    // The newest state counts, and no description is lost.
    private static void PutOff(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body)
    {
        ref var ringing = ref call.Ringing;
        ringing.NextCode = code;
        if (body.IsEmpty) return;
        ringing.NextBody.Release(engine.Buffers);
        ringing.NextBody.TryKeep(engine.Buffers, body);
    }

    private static void Send(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        ref var ringing = ref call.Ringing;
        // RSeq starts anywhere in the lower half (section 3); staying well below leaves room for every increment.
        ringing.RSeq = ringing.RSeq == 0 ? (engine.Tokens.NextNumber() & 0x3fff_ffff) + 1 : ringing.RSeq + 1;
        var writer = new SipWriter(engine.Scratch);
        CallerReply.Write(ref writer, engine, call, code, body, at, ringing.RSeq);
        engine.Sip.Respond(call.Inbound.Invite, writer.Written, at.NowMs);
        // Without a buffer it is repeated only when the INVITE is.
        ringing.Sent.TryKeep(engine.Buffers, writer.Written);
        (ringing.IsOpen, ringing.HasSdp, ringing.IsOffer) = (true, !body.IsEmpty, !body.IsEmpty && call.IsLateOffer);
        (ringing.SentMs, ringing.IntervalMs) = (at.NowMs, engine.T1Ms);
        Schedule(engine, call, ringing.IntervalMs, at);
    }

    private static void Schedule(CallEngine engine, Call call, long delayMs, in ReceivedAt at) =>
        call.Ringing.Timer =
            engine.Timers.Schedule(at.NowMs, delayMs, (ushort)CallTimer.ReliableRinging, call.Slot);
}
