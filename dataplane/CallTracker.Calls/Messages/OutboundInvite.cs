using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Sessions;
using CallTracker.Calls.Trunks;
using CallTracker.Calls.Tracing;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// The INVITE to a destination: a dialog of its own, so nothing of the caller's side shows but what the trunk may know.
/// </summary>
internal static class OutboundInvite
{
    private const int UriLengthMax = 160;

    /// <summary>Begins the outbound dialog and writes its INVITE; empty when it does not fit.</summary>
    public static ReadOnlySpan<byte> Write(CallEngine engine, Call call, Trunk trunk)
    {
        Span<byte> callId = stackalloc byte[SipTokens.CallIdLength];
        Span<byte> tag = stackalloc byte[LegTag.Length];
        Span<byte> target = stackalloc byte[UriLengthMax];
        Span<byte> from = stackalloc byte[UriLengthMax];
        Span<byte> to = stackalloc byte[UriLengthMax];
        engine.WriteLegTag(tag, call, outbound: true);
        engine.Tokens.WriteCallId(callId);
        var targetUri = WriteTarget(target, engine, call, trunk);
        var shown = OutboundIdentity.WriteFrom(from, engine, call, trunk);
        var begun = call.Outbound.Dialog.InitUac(
            callId, tag, shown, Bracket(to, targetUri), RequestUri(call, targetUri));
        return begun == SipDialogResult.Ok ? WriteMessage(engine, call, trunk) : default;
    }

    /// <summary>
    /// The same INVITE once more after a refusal that says how: same Call-ID, From and Request-URI, next CSeq (RFC 3261
    /// section 8.1.3.5). What early dialogs taught is forgotten.
    /// </summary>
    public static ReadOnlySpan<byte> WriteAgain(CallEngine engine, Call call, Trunk trunk)
    {
        var dialog = call.Outbound.Dialog;
        Span<byte> callId = stackalloc byte[SipTokens.CallIdLength];
        Span<byte> tag = stackalloc byte[LegTag.Length];
        Span<byte> target = stackalloc byte[UriLengthMax];
        Span<byte> from = stackalloc byte[UriLengthMax];
        Span<byte> to = stackalloc byte[UriLengthMax];
        dialog.CallId.CopyTo(callId);
        dialog.LocalTag.CopyTo(tag);
        var targetUri = WriteTarget(target, engine, call, trunk);
        var shown = OutboundIdentity.WriteFrom(from, engine, call, trunk);
        var begun = dialog.InitUac(
            callId, tag, shown, Bracket(to, targetUri), RequestUri(call, targetUri), dialog.LocalCSeq + 1);
        return begun == SipDialogResult.Ok ? WriteMessage(engine, call, trunk) : default;
    }

    private static ReadOnlySpan<byte> WriteMessage(CallEngine engine, Call call, Trunk trunk)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var writer = new SipWriter(engine.Scratch);
        call.Outbound.Dialog.WriteRequest(
            ref writer, SipMethod.Invite, call.Outbound.Flow.Kind, engine.Settings.SipAddressOf(call.Outbound.Flow),
            engine.Tokens.WriteBranch(branch), call.MaxForwards);
        engine.Digest.WriteForeseen(ref writer, trunk);
        LegRequest.WriteContact(ref writer, engine, call.Outbound.Flow);
        OutboundIdentity.WriteHeaders(ref writer, engine, call, trunk);
        ForwardingHeaders.Write(ref writer, engine, call, trunk);
        // The caller's INVITE, whose signatures would be passed on, is no more when a call is transferred.
        if (!call.Invite.IsEmpty) SignCall.WriteIdentity(ref writer, engine, call, trunk);
        CorrelationHeader.Write(ref writer, engine, call, trunk);
        writer.Header(SipHeaderKind.Allow, Reply.AllowOn(trunk));
        WriteExtensions(ref writer, engine, call, trunk);
        if (call.IsLateOffer) writer.NoBody();
        else writer.Body("application/sdp"u8, CodecPolicy.OfferFor(engine, call, trunk));
        return writer.Written;
    }

    // An offer in a reliable 18x must be answered in its PRACK: where the caller cannot do so, none is asked for.
    private static void WriteExtensions(ref SipWriter writer, CallEngine engine, Call call, Trunk trunk)
    {
        // A transfer's target is waited for without early media, so nothing of it need be acknowledged.
        var isReliable = call.Transfer is null && (!call.IsLateOffer || call.Ringing.IsWanted);
        OptionTags.WriteSupported(ref writer, trunk, isReliable);
        if (isReliable && trunk.ReliableProvisional == ReliableProvisional.Required)
            writer.Header(SipHeaderKind.Require, "100rel"u8);
        SessionHeaders.WriteRequest(ref writer, call.Outbound, SessionPolicy.Of(engine, trunk));
    }

    // A phone that registered is reached by its Contact; To names the number called, at this node.
    private static ReadOnlySpan<byte> RequestUri(Call call, ReadOnlySpan<byte> target) =>
        call.Outbound.Binding is { } binding ? binding.Contact : target;

    // SIP-URI = "sip:" telephone-subscriber "@" hostport [ transport-param ]
    private static ReadOnlySpan<byte> WriteTarget(
        Span<byte> destination, CallEngine engine, Call call, Trunk trunk)
    {
        var writer = new SipWriter(destination);
        writer.Raw("sip:"u8);
        OutboundIdentity.WriteDigits(ref writer, call.Facts.Attempts[^1].Target);
        writer.Raw("@"u8);
        if (call.Outbound.Binding is not null) writer.Endpoint(engine.Settings.SipAddressOf(call.Outbound.Flow));
        else if (trunk.UriHost.Length > 0) writer.Raw(trunk.UriHost);
        else writer.Endpoint(call.Endpoint!.Address);
        TransportParameter.Write(ref writer, call.Outbound.Flow.Kind);
        return writer.Written;
    }

    // name-addr = LAQUOT addr-spec RAQUOT
    private static ReadOnlySpan<byte> Bracket(Span<byte> destination, ReadOnlySpan<byte> uri)
    {
        var writer = new SipWriter(destination);
        writer.Raw("<"u8);
        writer.Raw(uri);
        writer.Raw(">"u8);
        return writer.Written;
    }
}
