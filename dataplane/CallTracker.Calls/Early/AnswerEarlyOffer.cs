using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Early;

/// <summary>
/// An offer in a destination's reliable 18x, to an INVITE without one (RFC 3262 section 5): it goes to the caller in a
/// reliable 18x of ours, and the answer in the caller's PRACK goes into our PRACK. Worker thread only.
/// </summary>
internal static class AnswerEarlyOffer
{
    /// <summary>Passes the offer on, or gives the attempt up where no answer can come before the 2xx.</summary>
    public static void Take(CallEngine engine, Call call, SipMessage response, int early, in ReceivedAt at)
    {
        // Two forks cannot both be answered; the second one's 18x stays without PRACK.
        var isOwn = response.ToTag.SequenceEqual(call.Outbound.Dialog.RemoteTag);
        if (!isOwn) return;
        var canAnswer = call.Ringing.IsWanted && !call.Inbound.IsSettled;
        if (canAnswer && SdpCarrier.TryCarryOffer(engine, call, call.Outbound, response.Body, out var body))
        {
            call.HasEarlyOffer = true;
            CallerReply.Provisional(engine, call, 183, body, at);
            return;
        }
        TakeReliable.Acknowledge(engine, call, response, early, at);
        FailAttempt.ByUnusableOffer(engine, call, at);
    }

    /// <summary>The caller's answer, with our address in it, goes into the PRACK that waited for it.</summary>
    public static void Run(CallEngine engine, Call call, ReadOnlySpan<byte> answer, in ReceivedAt at)
    {
        var dialog = call.Outbound.Dialog;
        var index = call.Early!.Find(dialog.RemoteTag);
        ref var known = ref call.Early[index];
        LegRequest.Prack(engine, call.Outbound, dialog, known.RSeq, answer, at);
        (known.CSeq, known.IsSettled) = (dialog.LocalCSeq, true);
        (call.Inbound.IsSettled, call.Outbound.IsSettled, call.HasEarlyOffer) = (true, true, false);
    }
}
