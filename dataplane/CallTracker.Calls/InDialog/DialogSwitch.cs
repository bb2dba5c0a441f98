using CallTracker.Calls.Digits;
using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Protection;
using CallTracker.Calls.Transfers;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.InDialog;

/// <summary>
/// Requests inside a dialog: the leg is found by our tag and the dialog checked (RFC 3261 section 12.2.2) before
/// anything is
/// done, so that only the dialog's peer can end or change a call.
/// </summary>
internal static class DialogSwitch
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at)
    {
        if (!TryFind(engine, request.ToTag, out var call, out var leg))
        {
            engine.Counters.UnknownDialog++;
            Reply.Send(engine, tx, request, flow, 481, at);
            return;
        }
        // A transfer's target has nothing to ask before it has answered.
        if (leg == call.Transfer?.Leg || DialogPeer.IsForeign(engine, call, leg, request, flow))
        {
            Reply.Send(engine, tx, request, flow, 481, at);
            return;
        }
        var refusal = ToCode(leg.Dialog.CheckRequest(request));
        var trunk = call.TrunkOf(leg);
        // A BYE ends the call whatever it requires.
        if (refusal == 0 && request.Method != SipMethod.Bye) refusal = OptionTags.Check(request, trunk);
        if (refusal != 0) Reply.Send(engine, tx, request, flow, refusal, at, trunk);
        else Dispatch(engine, call, leg, tx, request, flow, at);
    }

    /// <summary>The call and leg a tag of ours names; the dialog's other identifiers are not checked yet.</summary>
    public static bool TryFind(CallEngine engine, ReadOnlySpan<byte> tag, out Call call, out CallLeg leg)
    {
        (call, leg) = (null!, null!);
        if (!LegTag.TryRead(tag, out _, out var isOutbound, out var slot)) return false;
        if (engine.Calls.At(slot) is not { } found) return false;
        (call, leg) = (found, found.Leg(isOutbound));
        var isTarget = isOutbound && found.Transfer?.Leg.Dialog.LocalTag.SequenceEqual(tag) == true;
        if (isTarget) leg = found.Transfer!.Leg;
        return true;
    }

    private static void Dispatch(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage request, in SipFlow flow,
        in ReceivedAt at)
    {
        switch (request.Method)
        {
            case SipMethod.Bye:
                TakeBye.Run(engine, call, leg, tx, request, flow, at);
                break;
            case SipMethod.Invite:
                CarryRequest.Run(engine, call, leg, tx, request, flow, at);
                break;
            case SipMethod.Info:
                TakeInfo.Run(engine, call, leg, tx, request, flow, at);
                break;
            case SipMethod.Prack:
                TakePrack.Run(engine, call, leg, tx, request, flow, at);
                break;
            case SipMethod.Update:
                TakeUpdate.Run(engine, call, leg, tx, request, flow, at);
                break;
            case SipMethod.Options:
                Reply.Send(engine, tx, request, flow, 200, at, call.TrunkOf(leg));
                break;
            case SipMethod.Refer:
                TakeRefer.Run(engine, call, leg, tx, request, flow, at);
                break;
            default:
                Reply.Send(engine, tx, request, flow, Reply.CodeForMethod(request.Method), at);
                break;
        }
    }

    private static ushort ToCode(SipDialogCheck check) => check switch
    {
        SipDialogCheck.Ok => 0,
        SipDialogCheck.OutOfOrder => 500,
        _ => 481,
    };
}
