using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Sessions;

/// <summary>
/// A session refresh of our own: UPDATE where the peer takes it, else a re-INVITE that repeats our SDP unchanged (RFC
/// 4028 section 7.4). A description that is due to the peer goes the same way. Worker thread only.
/// </summary>
internal static class RefreshSession
{
    private const int RaisesMax = 3;
    private const int RetryMs = 10_000;
    private const int RetrySecMax = 3_600;

    public static void Send(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (!leg.Session.Refresh.IsNone) return;
        var method = leg.AllowsUpdate ? SipMethod.Update : SipMethod.Invite;
        var hasOffer = method == SipMethod.Invite || leg.Description.IsDue;
        if (hasOffer && leg.Description.Bytes.IsEmpty)
        {
            // Nothing to repeat: a peer that took UPDATE back. It ends the session itself if it insists.
            KeepSession.Stop(engine, leg);
            return;
        }
        if (hasOffer && OfferGlare.Check(call, leg) != 0)
        {
            WaitAndRetry(engine, call, leg, at);
            return;
        }
        leg.Description.IsOffered = hasOffer;
        leg.Session.Refresh = LegRequest.Refresh(engine, call, leg, method, hasOffer, at);
        if (leg.Session.IntervalSec > 0) KeepSession.Schedule(engine, call, leg, leg.Session.ExpiresMs, at);
    }

    public static void OnResponse(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        if (leg.Session.Refresh != tx || response.StatusCode < 200) return;
        leg.Session.Refresh = default;
        if (call.State != CallState.Talking)
        {
            // The call waits for nothing but the caller's ACK.
            if (response.CSeqMethod == SipMethod.Invite) StrayAnswer.EndIfAnswered(engine, tx, response, at);
            return;
        }
        switch (response.StatusCode)
        {
            case < 300:
                Take(engine, call, leg, tx, response, at);
                break;
            case 408 or 481:
                // The dialog is gone (RFC 3261 section 12.2.1.2).
                EndCall.BySystem(engine, call, EndReason.SessionExpired, at);
                break;
            case 422 when TryRaise(leg, response):
                Send(engine, call, leg, at);
                break;
            case 405 or 501 when response.CSeqMethod == SipMethod.Update && MustOfferOtherwise(leg):
                leg.AllowsUpdate = false;
                Send(engine, call, leg, at);
                break;
            case 491:
                WaitAndRetry(engine, call, leg, at);
                break;
            default:
                Refused(engine, call, leg, response, at);
                break;
        }
    }

    /// <summary>No answer at all: the peer has gone.</summary>
    public static void OnTimeout(CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, in ReceivedAt at)
    {
        if (leg.Session.Refresh != tx) return;
        leg.Session.Refresh = default;
        EndCall.BySystem(engine, call, EndReason.SessionExpired, at);
    }

    /// <summary>The interval that a 422 asks for (section 7.3); false when it asks for nothing new.</summary>
    public static bool TryRaise(CallLeg leg, SipMessage response)
    {
        if (!SessionTerms.TryRead(response, SipHeaderKind.MinSe, out var least)) return false;
        if (least.Sec <= Math.Max(leg.Session.MinSec, leg.Session.IntervalSec)) return false;
        if (leg.Session.RaiseCount++ == RaisesMax) return false;
        leg.Session.MinSec = least.Sec;
        return true;
    }

    // A probe without offer has its answer, whatever that says of UPDATE.
    private static bool MustOfferOtherwise(CallLeg leg) => !leg.Session.IsProbe || leg.Description.IsOffered;

    // An offer that was refused leaves what was before; a refresh is tried again while the session lasts.
    private static void Refused(CallEngine engine, Call call, CallLeg leg, SipMessage response, in ReceivedAt at)
    {
        leg.Description.IsDue = false;
        if (leg.Session.IntervalSec == 0) return;
        if (leg.Session.IsProbe)
        {
            KeepSession.Renew(engine, call, leg, at);
            return;
        }
        var dueMs = leg.Session.IsOurs ? at.NowMs + RetryAfterMs(response) : leg.Session.ExpiresMs;
        KeepSession.Schedule(engine, call, leg, dueMs, at);
    }

    private static void Take(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        leg.Dialog.OnResponse(response);
        PeerAbilities.Note(leg, response);
        if (response.CSeqMethod == SipMethod.Invite) LegRequest.Ack(engine, leg, tx, default, at);
        if (Bodies.IsSdp(response)) SdpCarrier.TakeRemote(engine, call, leg, response.Body, at);
        // What became due while a refresh without offer was under way follows it.
        if (leg.Description.IsOffered) leg.Description.IsDue = false;
        KeepSession.Take(engine, call, leg, response, at);
        if (leg.Description.IsDue) Send(engine, call, leg, at);
    }

    // RFC 3261 section 14.1: who made the Call-ID waits 2.1 to 4 s, the other up to 2 s, in steps of 10 ms.
    private static void WaitAndRetry(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        var random = engine.Tokens.NextNumber();
        var delayMs = leg == call.Outbound ? 2_100 + (random % 191 * 10) : random % 201 * 10;
        KeepSession.Schedule(engine, call, leg, at.NowMs + delayMs, at);
    }

    private static long RetryAfterMs(SipMessage response)
    {
        var value = response.Header(SipHeaderKind.RetryAfter);
        var end = value.IndexOfAny(" ;("u8);
        var isGiven = SipText.TryReadNumber(end < 0 ? value : value[..end], RetrySecMax, out var sec);
        return isGiven && sec > 0 ? sec * 1000L : RetryMs;
    }
}
