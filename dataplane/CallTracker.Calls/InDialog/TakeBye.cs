using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Calls.Transfers;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>BYE: answered at once; the call ends at the moment it was received.</summary>
internal static class TakeBye
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage bye, in SipFlow flow,
        in ReceivedAt at)
    {
        Reply.Send(engine, tx, bye, flow, 200, at);
        ReasonHeader.Read(engine.Reason, bye);
        var isOutbound = leg == call.Outbound;
        switch (call.State)
        {
            case CallState.Talking when isOutbound && call.Transfer is not null:
                FailTransfer.OnReferrerGone(engine, call, at);
                break;
            case CallState.Talking:
                EndCall.ByPeer(engine, call, isOutbound, at);
                break;
            case CallState.AwaitingAck when !isOutbound:
                EndCall.Abandon(engine, call);
                break;
            case CallState.Dialing when !isOutbound:
                // RFC 3261 section 15: a caller may end an early dialog with BYE; the INVITE still needs its answer.
                EndCall.ByCancel(engine, call, at);
                break;
            case CallState.Dialing when call.IsAnswerHeld:
                // It answered and hung up before the caller could be told: as good as no answer.
                call.Facts.Outcome = CallOutcome.NoAnswer;
                EndCall.ForgetDestination(call);
                EndCall.Unanswered(engine, call, EndReason.Bye, 480, at);
                break;
            default:
                break;
        }
    }
}
