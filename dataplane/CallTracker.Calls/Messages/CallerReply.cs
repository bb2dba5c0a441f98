using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>Answers to the caller's INVITE, written from the stored copy. Worker thread only.</summary>
internal static class CallerReply
{
    /// <summary>18x, with SDP when the destination described early media.</summary>
    public static void Provisional(
        CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at) =>
        Send(engine, call, code, body, at);

    /// <summary>The 2xx with the destination's answer (or offer); repeated by the layer until the ACK.</summary>
    public static void Answer(CallEngine engine, Call call, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        Send(engine, call, 200, body, at);
        call.Inbound.UnacknowledgedServer = call.Inbound.Invite;
        call.Inbound.UnacknowledgedCSeq = engine.StoredView.CSeqNumber;
        call.Invite.Release(engine.Buffers);
        call.Offer.Release(engine.Buffers);
    }

    /// <summary>A final refusal.</summary>
    public static void Final(CallEngine engine, Call call, ushort code, in ReceivedAt at)
    {
        call.Facts.SipCode = code;
        Send(engine, call, code, default, at);
        call.Invite.Release(engine.Buffers);
    }

    private static void Send(CallEngine engine, Call call, ushort code, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        var request = engine.StoredView;
        call.Invite.Open(request);
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, code, default, call.Inbound.Dialog.LocalTag, call.Invite.Source);
        if (code < 300)
        {
            LegRequest.WriteContact(ref writer, engine);
            writer.Header(SipHeaderKind.Allow, Reply.Allow);
        }
        else
        {
            Reply.WriteExtras(ref writer, engine, request, code);
        }
        if (body.IsEmpty) writer.NoBody();
        else writer.Body("application/sdp"u8, body);
        engine.Sip.Respond(call.Inbound.Invite, writer.Written, at.NowMs);
    }
}
