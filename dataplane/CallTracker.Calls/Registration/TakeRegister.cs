using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Registration;

/// <summary>
/// The registrar (RFC 3261 section 10.3) for trunks that register with us. Who registers is known by the digest alone,
/// and may touch the bindings of that trunk only. Worker thread only.
/// </summary>
internal static class TakeRegister
{
    public static void Run(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at)
    {
        var trunks = engine.Routes.Trunks;
        if (!trunks.AcceptsRegistration || request.Count(SipHeaderKind.Require) > 0)
        {
            Reply.Send(engine, tx, request, flow, trunks.AcceptsRegistration ? (ushort)420 : (ushort)405, at);
            return;
        }
        var result = engine.Access.Check(request, flow.Remote, trunks, at, out var trunk);
        if (result != AccessResult.Granted)
        {
            // The realm of an unknown user is the node's, so that it cannot be told from one without a realm.
            var claimed = FindClaimed(request, trunks);
            InboundGate.Challenge(engine, tx, request, flow, claimed, result == AccessResult.Stale, at);
            return;
        }
        var isAllowed = IsOwnAddress(request, trunk!) && InboundGate.IsSecretEnough(trunk!, flow);
        var refusal = isAllowed ? Apply(engine, request, flow, trunk!, at) : (ushort)403;
        if (refusal == 0) Accept(engine, tx, request, flow, trunk!, at);
        else if (refusal == 423) RefuseBrief(engine, tx, request, flow, at);
        else Reply.Send(engine, tx, request, flow, refusal, at);
    }

    private static Trunk? FindClaimed(SipMessage request, TrunkTable trunks)
    {
        foreach (var trunk in trunks.All)
        {
            if (trunk.AcceptsRegistration && IsOwnAddress(request, trunk)) return trunk;
        }
        return null;
    }

    // The address-of-record is in To: the user's own, or it is no business of this user's.
    private static bool IsOwnAddress(SipMessage request, Trunk trunk) =>
        trunk.Credentials is { } own && NameAddrView.TryParse(request.To, out var to)
        && SipUriView.TryParse(to.Uri, out var uri) && uri.User.SequenceEqual(own.Username);

    private static ushort Apply(
        CallEngine engine, SipMessage request, in SipFlow flow, Trunk trunk, in ReceivedAt at)
    {
        var count = request.Count(SipHeaderKind.Contact);
        if (count == 1 && request.Header(SipHeaderKind.Contact).SequenceEqual("*"u8))
            return RemoveAll(engine, request, trunk);
        for (var i = 0; i < count; i++)
        {
            var refusal = Check(engine, request, trunk, i);
            if (refusal != 0) return refusal;
        }
        for (var i = 0; i < count; i++)
        {
            if (!TryBind(engine, request, flow, trunk, i, at)) return 503;
        }
        return 0;
    }

    // "*" is for taking everything back, with Expires: 0, alone.
    private static ushort RemoveAll(CallEngine engine, SipMessage request, Trunk trunk)
    {
        if (!request.Header(SipHeaderKind.Expires).SequenceEqual("0"u8)) return 400;
        var bindings = engine.Access.Shared.Bindings;
        foreach (var binding in bindings.Table.OfTrunk(trunk.Id))
        {
            if (IsOutOfOrder(request, binding)) return 500;
        }
        bindings.Remove(trunk.Id, default);
        return 0;
    }

    // All are looked at before any is taken: a REGISTER is done whole or not at all.
    private static ushort Check(CallEngine engine, SipMessage request, Trunk trunk, int index)
    {
        if (!NameAddrView.TryParse(request.Header(SipHeaderKind.Contact, index), out var contact)) return 400;
        if (contact.Uri.Length > RegisterContact.UriLengthMax) return 400;
        if (!SipUriView.TryParse(contact.Uri, out var uri)) return 400;
        if (uri.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips)) return 400;
        var askedSec = RegisterContact.AskedSec(contact, request);
        if (askedSec is > 0 and < RegisterContact.ExpiresSecMin) return 423;
        var known = engine.Access.Shared.Bindings.Find(trunk.Id, contact.Uri);
        return known is not null && IsOutOfOrder(request, known) ? (ushort)500 : (ushort)0;
    }

    private static bool TryBind(
        CallEngine engine, SipMessage request, in SipFlow flow, Trunk trunk, int index, in ReceivedAt at)
    {
        if (!NameAddrView.TryParse(request.Header(SipHeaderKind.Contact, index), out var contact)) return false;
        if (!SipUriView.TryParse(contact.Uri, out var uri)) return false;
        var bindings = engine.Access.Shared.Bindings;
        var askedSec = RegisterContact.AskedSec(contact, request);
        if (askedSec == 0)
        {
            bindings.Remove(trunk.Id, contact.Uri);
            return true;
        }
        var sec = RegisterContact.GrantedSec(askedSec, uri, flow.Kind, flow.Remote);
        var expiresUnixMs = at.UnixMs + (sec * 1000L);
        var known = bindings.Find(trunk.Id, contact.Uri);
        var isKnown = known is not null && known.Flow == flow && request.CallId.SequenceEqual(known.CallId);
        if (isKnown && bindings.TryRefresh(known!, request.CSeqNumber, expiresUnixMs)) return true;
        return bindings.TryPut(Make(request, contact.Uri, flow, trunk, expiresUnixMs), at.UnixMs);
    }

    private static Binding Make(
        SipMessage request, ReadOnlySpan<byte> contact, in SipFlow flow, Trunk trunk, long expiresUnixMs)
    {
        return new()
        {
            TrunkId = trunk.Id,
            Contact = contact.ToArray(),
            CallId = request.CallId.ToArray(),
            Flow = flow,
            CSeq = request.CSeqNumber,
            ExpiresUnixMs = expiresUnixMs,
        };
    }

    // RFC 3261 section 10.3 item 7: within a Call-ID, only a higher CSeq number changes anything.
    private static bool IsOutOfOrder(SipMessage request, Binding binding) =>
        request.CallId.SequenceEqual(binding.CallId) && request.CSeqNumber <= binding.CSeq;

    // 200 with every binding in force and the time it has left.
    private static void Accept(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, Trunk trunk, in ReceivedAt at)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, 200, default, engine.Tokens.WriteTag(token), flow.Remote);
        foreach (var binding in engine.Access.Shared.Bindings.Table.OfTrunk(trunk.Id))
        {
            // Read once: it may be taken out meanwhile.
            var leftMs = binding.ExpiresUnixMs - at.UnixMs;
            if (leftMs <= 0) continue;
            writer.BeginHeader(SipHeaderKind.Contact);
            writer.Raw("<"u8);
            writer.Raw(binding.Contact);
            writer.Raw(">;expires="u8);
            writer.Number((leftMs + 999) / 1000);
            writer.LineEnd();
        }
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }

    private static void RefuseBrief(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, 423, default, engine.Tokens.WriteTag(token), flow.Remote);
        writer.Header(SipHeaderKind.MinExpires, RegisterContact.ExpiresSecMin);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }
}
