using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>Answers to carried requests, written from the stored copy. Worker thread only.</summary>
internal static class CarriedReply
{
    /// <param name="engine">The worker's engine.</param>
    /// <param name="call">The call.</param>
    /// <param name="leg">The leg the request came from.</param>
    /// <param name="carried">The request; it is not cleared here.</param>
    /// <param name="code">Final status.</param>
    /// <param name="contentType">Of the body; empty for SDP.</param>
    /// <param name="body">Empty for none.</param>
    /// <param name="at">Now.</param>
    public static void Send(
        CallEngine engine, Call call, CallLeg leg, ref CarriedRequest carried, ushort code,
        ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        var request = engine.StoredView;
        carried.Stored.Open(request);
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, code, default, leg.Dialog.LocalTag, carried.Stored.Source);
        if (code < 300) AcceptedOffer.WriteHeaders(ref writer, engine, call, leg, request, at);
        else Reply.WriteExtras(ref writer, engine, request, code, call.TrunkOf(leg));
        if (body.IsEmpty) writer.NoBody();
        else writer.Body(contentType.IsEmpty ? "application/sdp"u8 : contentType, body);
        if (writer.Overflowed)
        {
            // A body too large to carry: the asker gets at least an end to its transaction.
            writer = new SipWriter(engine.Scratch);
            writer.WriteRefusal(request, 513, leg.Dialog.LocalTag, carried.Stored.Source);
        }
        engine.Sip.Respond(carried.Server, writer.Written, at.NowMs);
    }
}
