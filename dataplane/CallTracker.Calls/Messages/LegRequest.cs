using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
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

    // Contact = "Contact: <sip:" hostport ">"
    public static void WriteContact(ref SipWriter writer, CallEngine engine)
    {
        writer.BeginHeader(SipHeaderKind.Contact);
        writer.Raw("<sip:"u8);
        writer.Endpoint(engine.Settings.SipAddress);
        writer.Raw(">"u8);
        writer.LineEnd();
    }

    /// <summary>BYE; nobody waits for its answer.</summary>
    public static void Bye(CallEngine engine, CallLeg leg, in ReceivedAt at)
    {
        var writer = new SipWriter(engine.Scratch);
        Begin(ref writer, engine, leg, SipMethod.Bye, MaxForwards);
        writer.NoBody();
        if (!writer.Overflowed)
            engine.Sip.StartRequest(writer.Written, SipMethod.Bye, NextFlow(leg), CallRef.Detached.ToUser(), at.NowMs);
    }

    /// <summary>ACK to the 2xx of a client INVITE; the layer repeats it for each repeated 2xx.</summary>
    public static void Ack(
        CallEngine engine, CallLeg leg, TransactionHandle invite, ReadOnlySpan<byte> body, in ReceivedAt at)
    {
        leg.UnacknowledgedClient = default;
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var writer = new SipWriter(engine.Scratch);
        leg.Dialog.WriteAck(
            ref writer, leg.Flow.Kind, engine.Settings.SipAddress, engine.Tokens.WriteBranch(branch), MaxForwards);
        RepeatedRequest.CopyCredentials(ref writer, engine.Sip.InviteOf(invite));
        if (body.IsEmpty) writer.NoBody();
        else writer.Body("application/sdp"u8, body);
        engine.Sip.SendAck(invite, writer.Written, NextFlow(leg));
    }

    /// <summary>A request of the other leg in this leg's dialog; no handle when it cannot be sent.</summary>
    public static TransactionHandle Carry(
        CallEngine engine, CallLeg leg, SipMessage request, ReadOnlySpan<byte> body, TransactionRole role, Call call,
        in ReceivedAt at)
    {
        var hops = request.MaxForwards < 0 ? MaxForwards : Math.Min(request.MaxForwards, 255) - 1;
        var writer = new SipWriter(engine.Scratch);
        Begin(ref writer, engine, leg, request.Method, hops);
        if (request.Method == SipMethod.Invite)
        {
            WriteContact(ref writer, engine);
            writer.Header(SipHeaderKind.Allow, Reply.Allow);
        }
        if (request.Method == SipMethod.Info) CopyInfoPackage(ref writer, request);
        if (body.IsEmpty) writer.NoBody();
        else writer.Body(request.ContentType, body);
        if (writer.Overflowed) return default;
        var user = call.Ref(role).ToUser();
        return engine.Sip.StartRequest(writer.Written, request.Method, NextFlow(leg), user, at.NowMs);
    }

    /// <summary>
    /// The call ends: requests that wait for the other leg are answered (487 for re-INVITE, 481 else).
    /// </summary>
    public static void RefuseCarried(CallEngine engine, Call call, in ReceivedAt at)
    {
        RefuseCarried(engine, call.Inbound, at);
        RefuseCarried(engine, call.Outbound, at);
    }

    private static void RefuseCarried(CallEngine engine, CallLeg leg, in ReceivedAt at)
    {
        if (leg.Reinvite.IsPending) CarriedReply.Send(engine, leg, ref leg.Reinvite, 487, default, default, at);
        if (leg.Request.IsPending) CarriedReply.Send(engine, leg, ref leg.Request, 481, default, default, at);
        leg.Reinvite.Clear(engine.Buffers);
        leg.Request.Clear(engine.Buffers);
    }

    // Requests inside a dialog follow its route set or Contact (RFC 3261 section 12.2.1.1); where that is a name, they
    // go where the dialog's INVITE came from or went to.
    // A trunk that registered is behind the address its REGISTER came from, whatever its Contact says.
    private static SipFlow NextFlow(CallLeg leg) =>
        leg.Trunk is { AcceptsRegistration: true } ? leg.Flow
        : leg.Dialog.TryGetNextHop(out var hop) ? leg.Flow with { Remote = hop } : leg.Flow;

    private static void Begin(ref SipWriter writer, CallEngine engine, CallLeg leg, SipMethod method, int maxForwards)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        leg.Dialog.WriteRequest(
            ref writer, method, leg.Flow.Kind, engine.Settings.SipAddress, engine.Tokens.WriteBranch(branch),
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
