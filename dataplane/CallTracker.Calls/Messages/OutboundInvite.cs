using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
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
        var targetUri = WriteTarget(target, call, trunk);
        var shown = OutboundIdentity.WriteFrom(from, engine, call, trunk);
        var begun = call.Outbound.Dialog.InitUac(
            engine.Tokens.WriteCallId(callId), tag, shown, Bracket(to, targetUri), targetUri);
        return begun == SipDialogResult.Ok ? WriteMessage(engine, call, trunk) : default;
    }

    private static ReadOnlySpan<byte> WriteMessage(CallEngine engine, Call call, Trunk trunk)
    {
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var writer = new SipWriter(engine.Scratch);
        call.Outbound.Dialog.WriteRequest(
            ref writer, SipMethod.Invite, call.Outbound.Flow.Kind, engine.Settings.SipAddress,
            engine.Tokens.WriteBranch(branch), call.MaxForwards);
        LegRequest.WriteContact(ref writer, engine);
        OutboundIdentity.WriteHeaders(ref writer, engine, call, trunk);
        ForwardingHeaders.Write(ref writer, engine, call, trunk);
        writer.Header(SipHeaderKind.Allow, Reply.Allow);
        if (call.IsLateOffer) writer.NoBody();
        else writer.Body("application/sdp"u8, call.Offer.Bytes);
        return writer.Written;
    }

    // SIP-URI = "sip:" telephone-subscriber "@" hostport
    private static ReadOnlySpan<byte> WriteTarget(Span<byte> destination, Call call, Trunk trunk)
    {
        var writer = new SipWriter(destination);
        writer.Raw("sip:"u8);
        OutboundIdentity.WriteDigits(ref writer, call.Facts.Attempts[^1].Target);
        writer.Raw("@"u8);
        writer.Endpoint(trunk.Address);
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
