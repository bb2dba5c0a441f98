using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Early;

/// <summary>
/// A destination's reliable 18x (RFC 3262 section 4): each is taken and acknowledged once and in its order, in the
/// early dialog that it belongs to. Worker thread only.
/// </summary>
internal static class TakeReliable
{
    private const uint RSeqMax = int.MaxValue;

    /// <summary>False for one that came before, out of order, or for which there is no room.</summary>
    /// <param name="engine">The worker's engine.</param>
    /// <param name="call">The call.</param>
    /// <param name="response">An 18x of the present attempt.</param>
    /// <param name="early">Its early dialog's index, or -1.</param>
    /// <param name="isReliable">True when it wants a PRACK.</param>
    public static bool TryTake(CallEngine engine, Call call, SipMessage response, out int early, out bool isReliable)
    {
        isReliable = TryReadRSeq(response, out var rseq);
        early = call.Early?.Find(response.ToTag) ?? -1;
        if (!isReliable) return true;
        // The one before waits for the caller's answer; what follows it comes again until it is taken.
        if (call.HasEarlyOffer) return false;
        call.Early ??= engine.LendEarlyDialogs();
        early = call.Early.FindOrAdd(response.ToTag, response.CSeqNumber);
        if (early < 0) return false;
        ref var dialog = ref call.Early[early];
        if (dialog.RSeq != 0 && rseq != dialog.RSeq + 1) return false;
        dialog.RSeq = rseq;
        return true;
    }

    /// <summary>Sends the PRACK for the response just taken.</summary>
    public static void Acknowledge(CallEngine engine, Call call, SipMessage response, int early, in ReceivedAt at)
    {
        var leg = call.Outbound;
        ref var known = ref call.Early![early];
        var dialog = leg.Dialog;
        if (!response.ToTag.SequenceEqual(dialog.RemoteTag))
        {
            dialog = engine.StrayDialog;
            if (!ForkDialog.TryInit(engine, dialog, response)) return;
        }
        dialog.SkipTo(known.CSeq);
        LegRequest.Prack(engine, leg, dialog, known.RSeq, default, at);
        known.CSeq = dialog.LocalCSeq;
    }

    /// <summary>
    /// The CSeq number of a PRACK of ours that goes out once more, because it was challenged: each fork's early dialog
    /// counts by itself.
    /// </summary>
    public static uint NextCSeq(CallEngine engine, CallLeg leg, SipMessage prack)
    {
        var dialog = leg.Dialog;
        var isFound = DialogSwitch.TryFind(engine, prack.FromTag, out var call, out _);
        var early = isFound ? call.Early?.Find(prack.ToTag) ?? -1 : -1;
        // The attempt is over; the peer will not care for the number.
        if (early < 0) return prack.CSeqNumber + 1;
        ref var known = ref call.Early![early];
        var isOwn = prack.ToTag.SequenceEqual(dialog.RemoteTag);
        if (isOwn) dialog.SkipTo(known.CSeq);
        known.CSeq = isOwn ? dialog.TakeCSeq(SipMethod.Prack) : Math.Max(known.CSeq, prack.CSeqNumber) + 1;
        return known.CSeq;
    }

    // Require holds 100rel and RSeq a number from 1 to 2**31 - 1; only a response that makes a dialog can be reliable.
    private static bool TryReadRSeq(SipMessage response, out uint rseq)
    {
        rseq = 0;
        return response.HasToken(SipHeaderKind.Require, "100rel"u8) && !response.ToTag.IsEmpty
            && SipText.TryReadNumber(response.Header(SipHeaderKind.RSeq), RSeqMax, out rseq) && rseq > 0;
    }
}
