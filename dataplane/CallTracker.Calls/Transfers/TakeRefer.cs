using CallTracker.Calls.Engine;
using CallTracker.Calls.InDialog;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// REFER inside a dialog (RFC 3515): refused with 603, or, where the destination's trunk may transfer, executed here:
/// 202, a call to the target by the rules of any forward, NOTIFY of what became of it. Only the number in Refer-To is
/// believed, never its host. Worker thread only.
/// </summary>
internal static class TakeRefer
{
    public static void Run(
        CallEngine engine, Call call, CallLeg leg, TransactionHandle tx, SipMessage refer, in SipFlow flow,
        in ReceivedAt at)
    {
        var refusal = Check(call, leg);
        var target = default(PhoneNumber);
        if (refusal == 0) refusal = ReadTarget(call, refer, out target);
        if (refusal == 0) refusal = DialTransfer.Start(engine, call, target, refer.CSeqNumber, at);
        if (refusal != 0)
        {
            Refuse(engine, tx, refer, flow, refusal, at);
            return;
        }
        call.ReferCount++;
        Accept(engine, leg, tx, refer, flow, at);
        NotifyReferrer.Send(engine, call, 100, isFinal: false, at);
    }

    // The caller may not move the shop: who is connected with whom is the number's business (section 2.4.2).
    private static ushort Check(Call call, CallLeg leg)
    {
        if (leg != call.Outbound || call.State != CallState.Talking) return 603;
        if (call.Trunk is not { Refer: ReferPolicy.Execute }) return 603;
        if (call.ReferCount == CallTransfer.PerCallMax || call.Facts.AttemptCount == CallFacts.AttemptsMax) return 603;
        if (call.Transfer is not null || OfferGlare.Check(call, leg) != 0) return 491;
        // Where the caller's description was not kept there is nothing to offer to the target.
        return call.Offer.Bytes.IsEmpty ? (ushort)488 : (ushort)0;
    }

    private static ushort ReadTarget(Call call, SipMessage refer, out PhoneNumber target)
    {
        target = default;
        if (!NameAddrView.TryParse(refer.Header(SipHeaderKind.ReferTo), out var address)) return 400;
        if (!SipUriView.TryParse(address.Uri, out var uri)) return 400;
        if (Replaces(uri) || IsOtherMethod(uri)) return 603;
        if (!CalledNumber.TryRead(uri, out target)) return 404;
        if (target == call.Facts.Called) return 482;
        return call.Facts.Route!.Destinations.Allows(target) ? (ushort)0 : (ushort)403;
    }

    // An attended transfer names another dialog of the referrer's (RFC 3891), which need not be one of this node's.
    private static bool Replaces(in SipUriView uri)
    {
        var rest = uri.Headers;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'&');
            var header = end < 0 ? rest : rest[..end];
            var equals = header.IndexOf((byte)'=');
            var name = equals < 0 ? header : header[..equals];
            if (SipText.EqualsIgnoreCase(name, "Replaces"u8)) return true;
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        return false;
    }

    private static bool IsOtherMethod(in SipUriView uri) =>
        uri.Parameters.TryGet("method"u8, out var method) && !SipText.EqualsIgnoreCase(method, "INVITE"u8);

    private static void Accept(
        CallEngine engine, CallLeg leg, TransactionHandle tx, SipMessage refer, in SipFlow flow, in ReceivedAt at)
    {
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(refer, 202, default, default, flow.Remote);
        LegRequest.WriteContact(ref writer, engine, leg.Flow);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }

    private static void Refuse(
        CallEngine engine, TransactionHandle tx, SipMessage refer, in SipFlow flow, ushort code, in ReceivedAt at)
    {
        engine.Counters.TransfersRefused++;
        var isAttended = code == 603 && NameAddrView.TryParse(refer.Header(SipHeaderKind.ReferTo), out var address)
            && SipUriView.TryParse(address.Uri, out var uri) && Replaces(uri);
        if (!isAttended)
        {
            Reply.Send(engine, tx, refer, flow, code, at);
            return;
        }
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(refer, code, default, default, flow.Remote);
        // warning-value = warn-code SP warn-agent SP warn-text; the agent is a pseudonym (RFC 3261 section 20.43)
        writer.Header(SipHeaderKind.Warning, "399 calltracker \"Replaces is not supported\""u8);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }
}
