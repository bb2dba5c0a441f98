using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// A 2xx that nobody wants any more (it crossed our CANCEL, or a proxy forked): acknowledged and ended at once (RFC
/// 3261
/// section 13.2.2.4). All it takes is in the response itself. Worker thread only.
/// </summary>
internal static class StrayAnswer
{
    private const int MaxForwards = 70;

    public static void EndIfAnswered(CallEngine engine, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode is < 200 or >= 300) return;
        var dialog = engine.StrayDialog;
        if (!ForkDialog.TryInit(engine, dialog, response)) return;
        // The INVITE's flow is forgotten; its transport stands in the Via that came back.
        var flow = NextHop.Of(dialog, new SipFlow(response.TopVia.Transport, 0, 0, default));
        if (flow.Remote.IsUnspecified) return;
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var address = engine.Settings.SipAddressOf(flow);
        var ack = new SipWriter(engine.Scratch);
        dialog.WriteAck(ref ack, flow.Kind, address, engine.Tokens.WriteBranch(branch), MaxForwards);
        ack.NoBody();
        engine.Sip.SendAck(tx, ack.Written, flow);
        var bye = new SipWriter(engine.Scratch);
        dialog.WriteRequest(ref bye, SipMethod.Bye, flow.Kind, address, engine.Tokens.WriteBranch(branch), MaxForwards);
        engine.Reason.Write(ref bye);
        bye.NoBody();
        if (!bye.Overflowed)
            engine.Sip.StartRequest(bye.Written, SipMethod.Bye, flow, CallRef.Detached.ToUser(), at.NowMs);
    }
}
