using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// Tells a trunk that the call was forwarded: by the tracking number now, and before by those the INVITE named. Only
/// numbers go out, under this node's own address; those before are named to trusted trunks alone. Stateless.
/// </summary>
internal static class ForwardingHeaders
{
    /// <summary>Opens the stored INVITE when it tells of earlier forwardings.</summary>
    public static ForwardingChain ChainOf(CallEngine engine, Call call)
    {
        if (!call.Caller.HasHistory || call.Invite.IsEmpty) return default;
        call.Invite.Open(engine.StoredView);
        return ForwardingReader.Read(engine.StoredView, call.Facts.Called);
    }

    public static void Write(ref SipWriter writer, CallEngine engine, Call call, Trunk trunk)
    {
        if (trunk.ForwardingHeader == ForwardingHeader.None) return;
        var chain = ChainOf(engine, call);
        var before = trunk.Trusted ? chain.Count : 0;
        // Those who are not named still count: the next hop bounds its forwardings by it.
        var own = new ForwardingStep
        {
            Number = call.Facts.Called,
            Reason = call.Caller.Reason,
            Count = (byte)(trunk.Trusted ? 1 : 1 + chain.Hops),
        };
        if ((trunk.ForwardingHeader & ForwardingHeader.Diversion) != ForwardingHeader.None)
            WriteDiversion(ref writer, engine, call, chain, before, own);
        if ((trunk.ForwardingHeader & ForwardingHeader.HistoryInfo) != ForwardingHeader.None)
            WriteHistory(ref writer, engine, call, chain, before, own);
    }

    private static void WriteDiversion(
        ref SipWriter writer, CallEngine engine, Call call, in ForwardingChain chain, int before,
        in ForwardingStep own)
    {
        WriteDiversion(ref writer, engine, call, own, isPrivate: false);
        for (var i = before - 1; i >= 0; i--)
            WriteDiversion(ref writer, engine, call, chain[i], chain[i].IsPrivate || call.Caller.HidesHistory);
    }

    // Diversion = <sip:number@host;user=phone>;reason=…;counter=…;privacy=…
    private static void WriteDiversion(
        ref SipWriter writer, CallEngine engine, Call call, in ForwardingStep step, bool isPrivate)
    {
        writer.BeginHeader(SipHeaderKind.Diversion);
        OutboundIdentity.WriteNumber(ref writer, engine, call, step.Number);
        writer.Raw(";user=phone>;reason="u8);
        writer.Raw(ForwardingReasons.WordOf(step.Reason));
        writer.Raw(";counter="u8);
        writer.Number(step.Count);
        writer.Raw(isPrivate ? ";privacy=full"u8 : ";privacy=off"u8);
        writer.LineEnd();
    }

    // RFC 7544 section 7: each entry's URI tells the cause for which the call came to it.
    private static void WriteHistory(
        ref SipWriter writer, CallEngine engine, Call call, in ForwardingChain chain, int before,
        in ForwardingStep own)
    {
        var reason = ForwardingReason.Unknown;
        for (var i = 0; i < before; i++)
        {
            BeginEntry(ref writer, engine, call, chain[i].Number);
            EndEntry(ref writer, i, reason, chain[i].IsPrivate || call.Caller.HidesHistory);
            reason = chain[i].Reason;
        }
        BeginEntry(ref writer, engine, call, own.Number);
        EndEntry(ref writer, before, reason, isPrivate: false);
        writer.BeginHeader(SipHeaderKind.HistoryInfo);
        writer.Raw("<sip:"u8);
        OutboundIdentity.WriteDigits(ref writer, call.Facts.Attempts[^1].Target);
        writer.Raw("@"u8);
        writer.Endpoint(call.Outbound.Flow.Remote);
        EndEntry(ref writer, before + 1, own.Reason, isPrivate: false);
    }

    private static void BeginEntry(ref SipWriter writer, CallEngine engine, Call call, PhoneNumber number)
    {
        writer.BeginHeader(SipHeaderKind.HistoryInfo);
        OutboundIdentity.WriteNumber(ref writer, engine, call, number);
    }

    // hi-param = ";index=1.1.1" ";mp=1.1": each was retargeted from the one before (RFC 7044 section 10.3)
    private static void EndEntry(ref SipWriter writer, int place, ForwardingReason reason, bool isPrivate)
    {
        if (place > 0)
        {
            writer.Raw(";cause="u8);
            writer.Number(ForwardingReasons.CauseOf(reason));
        }
        if (isPrivate) writer.Raw("?Privacy=history"u8);
        writer.Raw(">;index="u8);
        WriteIndex(ref writer, place);
        if (place > 0)
        {
            writer.Raw(";mp="u8);
            WriteIndex(ref writer, place - 1);
        }
        writer.LineEnd();
    }

    private static void WriteIndex(ref SipWriter writer, int place)
    {
        writer.Raw("1"u8);
        for (var i = 0; i < place; i++) writer.Raw(".1"u8);
    }
}
