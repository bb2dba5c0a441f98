using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>Answers that come from this node itself, not from the other leg. Worker thread only.</summary>
internal static class Reply
{
    /// <summary>The methods of Allow (RFC 3261 section 20.5).</summary>
    public static ReadOnlySpan<byte> Allow => "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE"u8;

    /// <summary>The same on a destination's leg, whose trunk may be allowed to transfer.</summary>
    public static ReadOnlySpan<byte> AllowOn(Trunk? trunk) => trunk is { Refer: ReferPolicy.Execute }
        ? "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER"u8
        : Allow;

    /// <summary>
    /// 405 for a method we know and do not take, 501 for one we do not know (RFC 3261 section 8.2.1).
    /// </summary>
    public static ushort CodeForMethod(SipMethod method) => method == SipMethod.Unknown ? (ushort)501 : (ushort)405;

    public static void Send(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, ushort code, in ReceivedAt at,
        Trunk? trunk = null)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        var tag = code == 100 ? default : engine.Tokens.WriteTag(token);
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, code, default, tag, flow.Remote);
        WriteExtras(ref writer, engine, request, code, trunk);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }

    /// <summary>100 to a new call (RFC 3261 section 8.2.6.1: no tag).</summary>
    public static void Trying(
        CallEngine engine, TransactionHandle tx, SipMessage invite, in SipFlow flow, in ReceivedAt at) =>
        Send(engine, tx, invite, flow, 100, at);

    /// <summary>What a refusal must carry so that its receiver can do better.</summary>
    public static void WriteExtras(
        ref SipWriter writer, CallEngine engine, SipMessage request, int code, Trunk? trunk)
    {
        var isAbilities = code == 200 && request.Method == SipMethod.Options;
        if (code is 405 or 501 || isAbilities) writer.Header(SipHeaderKind.Allow, Allow);
        if (code is 415 or 488 || isAbilities) writer.Header(SipHeaderKind.Accept, "application/sdp"u8);
        if (isAbilities) OptionTags.WriteSupported(ref writer, trunk);
        if (code == 420) OptionTags.WriteUnsupported(ref writer, request, trunk);
        if (code == 421) writer.Header(SipHeaderKind.Require, "100rel"u8);
        if (code == 422) writer.Header(SipHeaderKind.MinSe, SessionPolicy.Of(engine, trunk).MinSec);
        // RFC 3261 section 14.1: a second re-INVITE of the same side is told to wait 0 to 10 seconds.
        if (code == 500) writer.Header(SipHeaderKind.RetryAfter, 2);
        if (code == 503) writer.Header(SipHeaderKind.RetryAfter, engine.Settings.RetryAfterSec);
    }
}
