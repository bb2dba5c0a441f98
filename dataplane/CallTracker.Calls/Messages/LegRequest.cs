using CallTracker.Calls.Engine;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Requests inside a leg's dialog: BYE, ACK, and what is carried over from the other leg. Worker thread only.
/// </summary>
internal static class LegRequest
{
    private const int MaxForwards = 70;

    // Contact = "Contact: <sip:ct" 2HEXDIG "@" hostport [ ";transport=" ( "tcp" / "tls" ) ] ">"
    // The worker's number comes back at the front of requests in the dialog, where the kernel can find it.
    public static void WriteContact(ref SipWriter writer, CallEngine engine, in SipFlow flow)
    {
        writer.BeginHeader(SipHeaderKind.Contact);
        writer.Raw("<sip:"u8);
        Span<byte> user = stackalloc byte[SipTokens.UserLength];
        writer.Raw(engine.Tokens.WriteUser(user));
        writer.Raw("@"u8);
        writer.Endpoint(engine.Settings.SipAddressOf(flow));
        TransportParameter.Write(ref writer, flow.Kind);
        writer.Raw(">"u8);
        writer.LineEnd();
    }

    /// <summary>BYE; nobody waits for its answer.</summary>
    public static void Bye(CallEngine engine, CallLeg leg, in ReceivedAt at)
    {
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        Begin(ref writer, engine, leg, flow, SipMethod.Bye, MaxForwards);
        engine.Reason.Write(ref writer);
        writer.NoBody();
        if (!writer.Overflowed)
            engine.Sip.StartRequest(writer.Written, SipMethod.Bye, flow, CallRef.Detached.ToUser(), at.NowMs);
    }

    /// <summary>ACK to the 2xx of a client INVITE; the layer repeats it for each repeated 2xx.</summary>
    public static void Ack(
        CallEngine engine, CallLeg leg, TransactionHandle invite, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        leg.UnacknowledgedClient = default;
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        leg.Dialog.WriteAck(
            ref writer, flow.Kind, engine.Settings.SipAddressOf(flow), engine.Tokens.WriteBranch(branch), MaxForwards);
        RepeatedRequest.CopyCredentials(ref writer, engine.Sip.InviteOf(invite));
        if (body.IsEmpty) writer.NoBody();
        else writer.Body("application/sdp"u8, body);
        engine.Sip.SendAck(invite, writer.Written, flow);
    }

    /// <summary>PRACK in a dialog of this leg's INVITE (RFC 3262 section 4); nobody waits for its answer.</summary>
    public static void Prack(
        CallEngine engine, CallLeg leg, SipDialog dialog, uint rseq, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var flow = NextHop.Of(leg, dialog);
        var writer = new SipWriter(engine.Scratch);
        dialog.WriteRequest(
            ref writer, SipMethod.Prack, flow.Kind, engine.Settings.SipAddressOf(flow),
            engine.Tokens.WriteBranch(branch), MaxForwards);
        engine.Digest.WriteForeseen(ref writer, leg.Trunk);
        // RAck = "RAck" HCOLON response-num LWS CSeq-num LWS Method
        writer.BeginHeader(SipHeaderKind.RAck);
        writer.Number(rseq);
        writer.Raw(" "u8);
        writer.Number(dialog.InviteCSeq);
        writer.Raw(" INVITE"u8);
        writer.LineEnd();
        if (body.IsEmpty) writer.NoBody();
        else writer.Body("application/sdp"u8, body);
        if (!writer.Overflowed)
            engine.Sip.StartRequest(writer.Written, SipMethod.Prack, flow, CallRef.Detached.ToUser(), at.NowMs);
    }

    /// <summary>
    /// A request of the other leg in this leg's dialog, as <paramref name="method"/>; no handle when it cannot be sent.
    /// </summary>
    public static TransactionHandle Carry(
        CallEngine engine, CallLeg leg, SipMessage request, SipMethod method, ReadOnlySpan<byte> body,
        TransactionRole role, Call call, in ReceivedAt at)
    {
        var hops = request.MaxForwards < 0 ? MaxForwards : Math.Min(request.MaxForwards, 255) - 1;
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        Begin(ref writer, engine, leg, flow, method, hops);
        if (method is SipMethod.Invite or SipMethod.Update) WriteOfferHeaders(ref writer, engine, call, leg, flow);
        if (method == SipMethod.Info) CopyInfoPackage(ref writer, request);
        if (body.IsEmpty) writer.NoBody();
        else writer.Body(request.ContentType, body);
        if (writer.Overflowed) return default;
        return engine.Sip.StartRequest(writer.Written, method, flow, call.Ref(role).ToUser(), at.NowMs);
    }

    /// <summary>A session refresh of our own: UPDATE, or a re-INVITE with the SDP kept for the peer.</summary>
    public static TransactionHandle Refresh(
        CallEngine engine, Call call, CallLeg leg, SipMethod method, bool hasOffer, in ReceivedAt at)
    {
        var flow = NextHop.Of(leg, leg.Dialog);
        var writer = new SipWriter(engine.Scratch);
        Begin(ref writer, engine, leg, flow, method, MaxForwards);
        WriteOfferHeaders(ref writer, engine, call, leg, flow);
        if (hasOffer) writer.Body("application/sdp"u8, leg.Description.Bytes);
        else writer.NoBody();
        if (writer.Overflowed) return default;
        var role = leg == call.Inbound ? TransactionRole.RefreshInbound : TransactionRole.RefreshOutbound;
        return engine.Sip.StartRequest(writer.Written, method, flow, call.Ref(role).ToUser(), at.NowMs);
    }

    // What every INVITE and UPDATE inside a dialog says of us.
    private static void WriteOfferHeaders(
        ref SipWriter writer, CallEngine engine, Call call, CallLeg leg, in SipFlow flow)
    {
        var trunk = call.TrunkOf(leg);
        WriteContact(ref writer, engine, flow);
        writer.Header(SipHeaderKind.Allow, leg == call.Inbound ? Reply.Allow : Reply.AllowOn(trunk));
        OptionTags.WriteSupported(ref writer, trunk);
        if (leg.IsConfirmed) SessionHeaders.WriteRequest(ref writer, leg, SessionPolicy.Of(engine, trunk));
    }

    /// <summary>
    /// The call ends: requests that wait for the other leg are answered (487 for re-INVITE, 481 else).
    /// </summary>
    public static void RefuseCarried(CallEngine engine, Call call, in ReceivedAt at)
    {
        RefuseCarried(engine, call, call.Inbound, at);
        RefuseCarried(engine, call, call.Outbound, at);
    }

    /// <summary>The same for one leg, which leaves the call.</summary>
    public static void RefuseCarried(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (leg.Reinvite.IsPending) CarriedReply.Send(engine, call, leg, ref leg.Reinvite, 487, default, default, at);
        // The other side may never answer it any more: only a CANCEL bounds the wait of a client INVITE that has a
        // provisional response (RFC 3261 section 9.1).
        if (!leg.Reinvite.Client.IsNone) engine.Sip.StartCancel(leg.Reinvite.Client, at.NowMs);
        if (leg.Request.IsPending) CarriedReply.Send(engine, call, leg, ref leg.Request, 481, default, default, at);
        leg.Reinvite.Clear(engine.Buffers);
        leg.Request.Clear(engine.Buffers);
    }

    /// <summary>The start of a request in the leg's dialog, with the credentials that its trunk will ask for.</summary>
    public static void Begin(
        ref SipWriter writer, CallEngine engine, CallLeg leg, in SipFlow flow, SipMethod method, int maxForwards)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        leg.Dialog.WriteRequest(
            ref writer, method, flow.Kind, engine.Settings.SipAddressOf(flow), engine.Tokens.WriteBranch(branch),
            maxForwards);
        engine.Digest.WriteForeseen(ref writer, leg.Trunk);
    }

    // RFC 6086: an INFO of a package says which.
    private static void CopyInfoPackage(ref SipWriter writer, SipMessage request)
    {
        if (request.TryFind("Info-Package"u8, out var package)) writer.Header("Info-Package"u8, package);
        writer.CopyHeaders(request, SipHeaderKind.ContentDisposition);
    }
}
