using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// Tells whoever referred how the transfer goes: NOTIFY with the status line of the target's answer (RFC 3515 section
/// 2.4.4, RFC 3420). Nobody waits for its answer. Worker thread only.
/// </summary>
internal static class NotifyReferrer
{
    private const int MaxForwards = 70;

    public static void Send(CallEngine engine, Call call, ushort code, bool isFinal, in ReceivedAt at) =>
        Send(engine, call.Outbound, call.Transfer!, call.ReferCount > 1, code, isFinal, at);

    /// <param name="engine">The worker's engine.</param>
    /// <param name="leg">The leg the REFER came from.</param>
    /// <param name="transfer">What it asked for.</param>
    /// <param name="hasId">True from the second REFER of a call on: its NOTIFYs say which is meant.</param>
    /// <param name="code">Status of the target's answer, as the caller's side would see it.</param>
    /// <param name="isFinal">True ends the subscription.</param>
    /// <param name="at">Now.</param>
    public static void Send(
        CallEngine engine, CallLeg leg, CallTransfer transfer, bool hasId, ushort code, bool isFinal,
        in ReceivedAt at)
    {
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        LegRequest.Begin(ref writer, engine, leg, flow, SipMethod.Notify, MaxForwards);
        LegRequest.WriteContact(ref writer, engine, flow);
        WriteSubscription(ref writer, transfer, hasId, isFinal);
        writer.BeginBody("message/sipfrag;version=2.0"u8);
        writer.StatusLine(code, default);
        writer.EndBody();
        if (!writer.Overflowed)
            engine.Sip.StartRequest(writer.Written, SipMethod.Notify, flow, CallRef.Detached.ToUser(), at.NowMs);
    }

    // Event = "Event" HCOLON "refer" [ ";id=" CSeq-num ]
    private static void WriteSubscription(ref SipWriter writer, CallTransfer transfer, bool hasId, bool isFinal)
    {
        writer.BeginHeader(SipHeaderKind.Event);
        writer.Raw("refer"u8);
        if (hasId)
        {
            writer.Raw(";id="u8);
            writer.Number(transfer.ReferCSeq);
        }
        writer.LineEnd();
        writer.BeginHeader(SipHeaderKind.SubscriptionState);
        if (isFinal)
        {
            writer.Raw("terminated;reason=noresource"u8);
        }
        else
        {
            writer.Raw("active;expires="u8);
            writer.Number(DialTransfer.RingMsMax / 1000);
        }
        writer.LineEnd();
    }
}
