using CallTracker.Calls.Early;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>Answers to the caller's INVITE, written from the stored copy. Worker thread only.</summary>
internal static class CallerReply
{
    /// <summary>18x, with SDP when the destination described early media; reliably where the caller takes it.</summary>
    public static void Provisional(
        CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        if (call.Ringing.IsWanted) SendReliably.Run(engine, call, code, body, at);
        else Send(engine, call, code, body, at);
    }

    /// <summary>The 2xx with the destination's answer (or offer); repeated by the layer until the ACK.</summary>
    public static void Answer(CallEngine engine, Call call, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        Send(engine, call, 200, body, at);
        call.Inbound.UnacknowledgedServer = call.Inbound.Invite;
        call.Inbound.UnacknowledgedCSeq = engine.StoredView.CSeqNumber;
        call.Invite.Release(engine.Buffers);
        // A destination that may transfer: its target is offered what it was.
        if (call.Trunk is not { Refer: ReferPolicy.Execute }) call.Offer.Release(engine.Buffers);
        call.CallersAnswer.Release(engine.Buffers);
        call.Stir.Identity.Release(engine.Buffers);
    }

    /// <summary>A final refusal.</summary>
    public static void Final(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        call.Facts.SipCode = code;
        Send(engine, call, code, default, at);
        call.Invite.Release(engine.Buffers);
    }

    /// <summary>Writes a response to the caller's INVITE.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="engine">The worker's engine.</param>
    /// <param name="call">The call.</param>
    /// <param name="code">Status.</param>
    /// <param name="body">SDP, or empty.</param>
    /// <param name="at">Now.</param>
    /// <param name="rseq">Number of a reliable provisional response; 0 for others.</param>
    public static void Write(
        ref SipWriter writer, CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at,
        uint rseq = 0)
    {
        var request = engine.StoredView;
        call.Invite.Open(request);
        writer.WriteResponse(request, code, default, call.Inbound.Dialog.LocalTag, call.Invite.Source);
        if (rseq != 0)
        {
            writer.Header(SipHeaderKind.Require, "100rel"u8);
            writer.Header(SipHeaderKind.RSeq, rseq);
        }
        if (code < 300)
        {
            LegRequest.WriteContact(ref writer, engine, call.Inbound.Flow);
            writer.Header(SipHeaderKind.Allow, Reply.Allow);
            if (code >= 200) KeepSession.Accept(ref writer, engine, call, call.Inbound, request, at);
        }
        else
        {
            Reply.WriteExtras(ref writer, engine, request, code, call.Facts.InboundTrunk);
            // A caller that gave up knows why.
            if (code != 487) engine.Reason.Write(ref writer);
        }
        if (body.IsEmpty) writer.NoBody();
        else writer.Body("application/sdp"u8, body);
    }

    private static void Send(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        var writer = new SipWriter(engine.Scratch);
        Write(ref writer, engine, call, code, body, at);
        engine.Sip.Respond(call.Inbound.Invite, writer.Written, at.NowMs);
    }
}
