using CallTracker.Calls.Access;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Protection;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Sessions;
using CallTracker.Core.Time;
using CallTracker.Media.Sdp;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Steps;

/// <summary>
/// Takes an INVITE for a new call: refuses what no call can come of, answers 100 and opens the call. A refusal here
/// leaves no
/// record, because nothing of the product's was asked for yet or nothing could be kept.
/// </summary>
internal static class AcceptInvite
{
    // :: Step 4
    public static void Run(
        CallEngine engine, TransactionHandle tx, SipMessage invite, in SipFlow flow, in ReceivedAt at)
    {
        if (!InboundGate.TryPass(engine, tx, invite, flow, at, out var trunk, out var isProven)) return;
        var refusal = Check(engine, invite, trunk);
        if (refusal == 0 && !DialledNumber.TryRead(engine, invite, flow.Remote, out _))
            refusal = OutsideDialog.CodeForUri(invite);
        if (refusal != 0)
        {
            Reply.Send(engine, tx, invite, flow, refusal, at, trunk);
            return;
        }
        if (!trunk.Load.TryEnter(trunk, outbound: false, at.NowMs))
        {
            Reply.Send(engine, tx, invite, flow, 503, at);
            return;
        }
        if (Open(engine, tx, invite, trunk, flow, at, out refusal) is not { } call)
        {
            trunk.Load.Leave();
            Reply.Send(engine, tx, invite, flow, refusal, at);
            return;
        }
        if (isProven) call.Inbound.Trunk = trunk;
        call.InboundLease.Hold(trunk);
        Reply.Trying(engine, tx, invite, flow, at);
        VerifyCaller.Begin(engine, call, invite, at);
        LookUpRoute.Run(engine, call, at);
    }

    private static ushort Check(CallEngine engine, SipMessage invite, Trunk trunk)
    {
        if (engine.IsDraining || !engine.Journal.IsWritable) return 503;
        if (InviteGuard.Check(engine, invite) is not 0 and var forbidden) return forbidden;
        if (invite.MaxForwards == 0) return 483;
        if (LoopCheck.IsOurs(engine, invite)) return 482;
        var refusal = CheckExtensions(engine, invite, trunk);
        return refusal != 0 ? refusal : Bodies.Check(invite);
    }

    // RFC 3261 section 8.2.2.3, RFC 3262 section 3, RFC 4028 section 9.
    private static ushort CheckExtensions(CallEngine engine, SipMessage invite, Trunk trunk)
    {
        var refusal = OptionTags.Check(invite, trunk);
        if (refusal != 0) return refusal;
        var isMissing = trunk.ReliableProvisional == ReliableProvisional.Required
            && !OptionTags.SupportsReliable(invite);
        if (isMissing) return 421;
        return SessionTerms.IsTooShort(invite, SessionPolicy.Of(engine, trunk)) ? (ushort)422 : (ushort)0;
    }

    private static Call? Open(
        CallEngine engine, TransactionHandle tx, SipMessage invite, Trunk trunk, in SipFlow flow, in ReceivedAt at,
        out ushort refusal)
    {
        refusal = 503;
        if (engine.Calls.TryAdd() is not { } call) return null;
        var isKept = call.Invite.TryKeep(engine.Buffers, invite, flow.Remote);
        var dialog = isKept ? InitDialog(engine, call, invite) : SipDialogResult.TooLong;
        if (dialog != SipDialogResult.Ok)
        {
            // A Contact or Record-Route that cannot be used is the caller's fault, too little room is ours.
            if (dialog != SipDialogResult.TooLong) refusal = 400;
            Discard(engine, call);
            return null;
        }
        engine.Sip.SetUser(tx, call.Ref(TransactionRole.InboundInvite).ToUser());
        (call.Inbound.Invite, call.Inbound.Flow) = (tx, flow);
        (call.State, call.ArrivedMs) = (CallState.LookingUp, at.NowMs);
        call.MaxForwards = (byte)(invite.MaxForwards < 0 ? 70 : Math.Min(invite.MaxForwards, 255) - 1);
        call.Inbound.Origin = new SdpOrigin((ulong)at.UnixMs);
        call.Outbound.Origin = new SdpOrigin((ulong)at.UnixMs + 1);
        call.IsLateOffer = invite.Body.IsEmpty;
        NoteExtensions(call, invite, trunk);
        FillFacts(engine, call, invite, trunk, at);
        engine.Trace.Opened(call, invite.CallId, attempt: 0);
        engine.Counters.Started++;
        engine.Counters.Active = engine.Calls.Count;
        return call;
    }

    private static void NoteExtensions(Call call, SipMessage invite, Trunk trunk)
    {
        call.Ringing.InviteCSeq = invite.CSeqNumber;
        call.Ringing.IsWanted = trunk.ReliableProvisional != ReliableProvisional.Off
            && OptionTags.SupportsReliable(invite);
        PeerAbilities.Note(call.Inbound, invite);
        var isTimed = invite.Count(SipHeaderKind.SessionExpires) > 0 || OptionTags.SupportsTimer(invite);
        call.Inbound.Description.IsWanted = isTimed && !call.Inbound.AllowsUpdate;
    }

    private static SipDialogResult InitDialog(CallEngine engine, Call call, SipMessage invite)
    {
        Span<byte> tag = stackalloc byte[LegTag.Length];
        engine.WriteLegTag(tag, call, outbound: false);
        return call.Inbound.Dialog.InitUas(invite, tag);
    }

    private static void FillFacts(
        CallEngine engine, Call call, SipMessage invite, Trunk trunk, in ReceivedAt at)
    {
        var facts = call.Facts;
        facts.DinUnixMs = at.UnixMs;
        engine.TrnIds.Next(at.UnixMs, facts.TrnId);
        DialledNumber.TryRead(engine, invite, call.Inbound.Flow.Remote, out var called);
        facts.Called = called;
        CallerIdentity.Read(invite, trunk.Trusted, call);
    }

    private static void Discard(CallEngine engine, Call call)
    {
        call.Reset(engine.Buffers);
        engine.Calls.Remove(call);
    }
}
