using CallTracker.Calls.Engine;
using CallTracker.Calls.Steps;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Early;

/// <summary>
/// A caller whose INVITE had no SDP has answered a destination's early offer in its PRACK, and that destination failed.
/// The first exchange of the caller's dialog is over, so that no other destination's offer can go to it before the 2xx
/// (RFC 3262 section 5); but what it answered with says what it can do, and is the offer that the next destination
/// gets. What that one answers is offered to the caller after its ACK. Worker thread only.
/// </summary>
internal static class CallersAnswer
{
    /// <summary>Keeps the SDP of the PRACK.</summary>
    public static void Keep(CallEngine engine, Call call, ReadOnlySpan<byte> answer)
    {
        call.CallersAnswer.Release(engine.Buffers);
        var length = DirectionFilter.Write(answer, engine.BodyScratch);
        // Without a buffer, destinations that make an offer of their own are refused one after another.
        if (length > 0) call.CallersAnswer.TryKeep(engine.Buffers, engine.BodyScratch.AsSpan(0, length));
    }

    /// <summary>
    /// True while the caller has an offer that it has not answered yet: the next destination must wait for that,
    /// because only one with an offer of ours can be connected to it.
    /// </summary>
    public static bool MustBeAwaited(Call call) => call.IsLateOffer && call.Ringing.IsOpen && call.Ringing.IsOffer;

    /// <summary>
    /// The destination failed: from the next one on the call has an offer, where the caller answered.
    /// </summary>
    public static void BecomeOffer(CallEngine engine, Call call)
    {
        if (!call.IsLateOffer) return;
        DropWaitingOffer(engine, call);
        if (call.CallersAnswer.Bytes.IsEmpty) return;
        call.IsLateOffer = false;
        if (OfferIn.Prepare(engine, call) != 0) call.IsLateOffer = true;
    }

    // An offer that waits for its turn is that of a destination which is no more.
    private static void DropWaitingOffer(CallEngine engine, Call call)
    {
        ref var ringing = ref call.Ringing;
        if (ringing.NextBody.Bytes.IsEmpty) return;
        ringing.NextBody.Release(engine.Buffers);
        ringing.NextCode = 0;
    }
}
