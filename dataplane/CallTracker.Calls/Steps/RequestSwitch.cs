using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Registration;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Sends each new request to its step: inside a dialog by its To tag, else by method (RFC 3261 section 8.2).
/// </summary>
internal static class RequestSwitch
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at)
    {
        if (!request.ToTag.IsEmpty)
        {
            DialogSwitch.Run(engine, tx, request, flow, at);
            return;
        }
        switch (request.Method)
        {
            case SipMethod.Invite:
                AcceptInvite.Run(engine, tx, request, flow, at);
                break;
            case SipMethod.Register:
                TakeRegister.Run(engine, tx, request, flow, at);
                break;
            case SipMethod.Options:
                // It is answered as an INVITE would be (RFC 3261 section 11.2): a node that drains says so.
                var trunk = engine.Routes.Trunks.FindInbound(flow.Remote, null);
                var code = engine.IsDraining || !engine.Journal.IsWritable ? (ushort)503 : OutsideDialog.Check(request);
                Reply.Send(engine, tx, request, flow, code == 0 ? (ushort)200 : code, at, trunk);
                break;
            case SipMethod.Bye or SipMethod.Prack or SipMethod.Update or SipMethod.Info:
                engine.Counters.UnknownDialog++;
                Reply.Send(engine, tx, request, flow, 481, at);
                break;
            default:
                Reply.Send(engine, tx, request, flow, Reply.CodeForMethod(request.Method), at);
                break;
        }
    }
}
