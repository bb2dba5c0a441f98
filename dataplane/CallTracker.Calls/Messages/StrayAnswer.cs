using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// A 2xx that nobody wants any more (it crossed our CANCEL, or a proxy forked): acknowledged and ended at once (RFC 3261
/// section 13.2.2.4). All it takes is in the response itself.
/// </summary>
internal static class StrayAnswer
{
    public static void EndIfAnswered(
        CallEngine engine, TransactionHandle tx, SipMessage response, in ReceivedAt at)
    {
        if (response.StatusCode is < 200 or >= 300) return;
        var dialog = engine.StrayDialog;
        dialog.Reset();
        if (!dialog.InitFromAnswer(response) || !engine.Sip.TryGetFlow(tx, out var flow)) return;
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var ack = new SipWriter(engine.Scratch);
        dialog.WriteAck(ref ack, engine.Tokens.WriteBranch(branch), engine.Settings.SipAddress, 70);
        ack.NoBody();
        engine.Sip.SendAck(tx, ack.Written);
        var bye = new SipWriter(engine.Scratch);
        dialog.WriteRequest(ref bye, SipMethod.Bye, engine.Tokens.WriteBranch(branch), engine.Settings.SipAddress, 70);
        bye.NoBody();
        if (!bye.Overflowed)
            engine.Sip.StartRequest(bye.Written, SipMethod.Bye, flow, CallRef.Detached.ToUser(), at.NowMs);
    }
}
