using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Access;

/// <summary>
/// Decides whose INVITE this is. A trunk is known by its source, or, where it must prove itself, by source and digest;
/// a phone that registered by its digest. Requests inside a dialog are not challenged: its tags, which only the peer
/// knows, protect it. Worker thread only.
/// </summary>
internal static class InboundGate
{
    /// <summary>
    /// False when the INVITE was refused or challenged here. <paramref name="isProven"/> says that the trunk proved
    /// itself; else the source alone says who it is.
    /// </summary>
    public static bool TryPass(
        CallEngine engine, TransactionHandle tx, SipMessage invite, in SipFlow flow, in ReceivedAt at, out Trunk trunk,
        out bool isProven)
    {
        (trunk, isProven) = (null!, false);
        var trunks = engine.Routes.Trunks;
        var claimed = trunks.FindInbound(flow.Remote, null, flow.Kind);
        if (claimed is { ChallengeInbound: false })
        {
            trunk = claimed;
            return true;
        }
        claimed ??= FindRegistered(engine, trunks, flow, at);
        if (claimed is null && !trunks.AcceptsRegistration)
        {
            Reply.Send(engine, tx, invite, flow, 403, at);
            return false;
        }
        var result = engine.Access.Check(invite, flow.Remote, trunks, at, out var user);
        if (result == AccessResult.Granted && !IsSecretEnough(user!, flow))
        {
            Reply.Send(engine, tx, invite, flow, 403, at);
            return false;
        }
        if (result == AccessResult.Granted)
        {
            (trunk, isProven) = (user!, true);
            return true;
        }
        Challenge(engine, tx, invite, flow, claimed, result == AccessResult.Stale, at);
        return false;
    }

    /// <summary>A trunk that is to use TLS is not taken at its word over anything else.</summary>
    public static bool IsSecretEnough(Trunk trunk, in SipFlow flow) =>
        trunk.Transport != SipTransportKind.Tls || flow.Kind == SipTransportKind.Tls;

    /// <summary>401: we serve the request ourselves, so it is not a proxy's 407 (RFC 3261 section 22.2).</summary>
    public static void Challenge(
        CallEngine engine, TransactionHandle tx, SipMessage request, in SipFlow flow, Trunk? claimed, bool isStale,
        in ReceivedAt at)
    {
        Span<byte> token = stackalloc byte[SipTokens.TagLength];
        var writer = new SipWriter(engine.Scratch);
        writer.WriteResponse(request, 401, default, engine.Tokens.WriteTag(token), flow.Remote);
        engine.Access.WriteChallenges(ref writer, claimed, flow.Remote, isStale, at.NowMs);
        writer.NoBody();
        engine.Sip.Respond(tx, writer.Written, at.NowMs);
    }

    private static Trunk? FindRegistered(CallEngine engine, TrunkTable trunks, in SipFlow flow, in ReceivedAt at) =>
        engine.Access.Shared.Bindings.FindBySource(flow.Remote, at.UnixMs) is { } binding
            ? trunks.FindById(binding.TrunkId)
            : null;
}
