using CallTracker.Calls.Engine;
using CallTracker.Calls.Identity;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Stir;

/// <summary>
/// Signs the INVITE to a destination whose trunk asks for it: a <c>div</c> PASSporT beside the Identity that the call
/// brought (RFC 8946 section 4.1), else a <c>shaken</c> one (RFC 8588). The INVITE waits a bounded time and then goes
/// without. Worker thread only.
/// </summary>
internal static class SignCall
{
    /// <summary>
    /// True when the INVITE waits for its signature; <see cref="DialTarget.TrySendInvite"/> follows by itself.
    /// </summary>
    public static bool TryBegin(CallEngine engine, Call call, Trunk trunk, in ReceivedAt at)
    {
        call.Stir.Identity.Release(engine.Buffers);
        if (!StirPolicy.Signs(trunk) || KindFor(engine, call) is not { } kind) return false;
        var job = engine.Stir.CanSign
            ? engine.Stir.TryRent(kind, call.Ref(TransactionRole.Detached), at.UnixMs)
            : null;
        if (job is not null) Fill(job, call);
        if (job is null || !engine.Stir.TryPost(job))
        {
            engine.Stir.Counters.Unsigned++;
            return false;
        }
        (call.Stir.Pending, call.Stir.IsSigning) = (job, true);
        var limitMs = engine.Settings.StirSignTimeoutMs;
        call.Stir.Timer = engine.Timers.Schedule(at.NowMs, limitMs, (ushort)CallTimer.StirTimeout, call.Slot);
        return true;
    }

    /// <summary>The signature came; empty when it could not be made.</summary>
    public static void OnSigned(CallEngine engine, Call call, ReadOnlySpan<byte> identity, in ReceivedAt at)
    {
        var isKept = !identity.IsEmpty && call.Stir.Identity.TryKeep(engine.Buffers, identity);
        if (isKept) engine.Stir.Counters.Signed++;
        else engine.Stir.Counters.Unsigned++;
        Send(engine, call, at);
    }

    /// <summary>It did not come in time: the call is worth more than its signature.</summary>
    public static void OnTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        engine.Stir.Counters.Unsigned++;
        Send(engine, call, at);
    }

    /// <summary>The attempt is over before it was signed.</summary>
    public static void Abandon(CallEngine engine, Call call)
    {
        engine.Timers.Cancel(ref call.Stir.Timer);
        (call.Stir.Pending, call.Stir.IsSigning) = (null, false);
    }

    /// <summary>
    /// Writes the Identity header fields of the present attempt: those the call brought, unchanged, and ours.
    /// </summary>
    public static void WriteIdentity(ref SipWriter writer, CallEngine engine, Call call, Trunk trunk)
    {
        if (!StirPolicy.Signs(trunk)) return;
        if (CarriesIdentity(engine, call)) writer.CopyHeaders(engine.StoredView, SipHeaderKind.Identity);
        if (!call.Stir.Identity.Bytes.IsEmpty) writer.Header(SipHeaderKind.Identity, call.Stir.Identity.Bytes);
    }

    /// <summary>
    /// True when the destination gets what the caller's network signed: it is shown the caller's number, and no more
    /// came than we would look at. Opens the stored INVITE.
    /// </summary>
    private static bool CarriesIdentity(CallEngine engine, Call call)
    {
        if (call.Facts.Caller.IsEmpty || OutboundIdentity.ShownNumber(call.Facts) != call.Facts.Caller) return false;
        call.Invite.Open(engine.StoredView);
        var count = engine.StoredView.Count(SipHeaderKind.Identity);
        var length = 0;
        for (var i = 0; i < count; i++) length += engine.StoredView.Header(SipHeaderKind.Identity, i).Length;
        return count is > 0 and <= StirJob.IdentityCountMax && length <= StirJob.TextLengthMax;
    }

    // A withheld caller is never signed: the PASSporT would tell the number. What failed verification is handed on as
    // it came, without our word that it was diverted in good order (RFC 8946 section 4.1: validate before signing).
    private static StirJobKind? KindFor(CallEngine engine, Call call)
    {
        if (OutboundIdentity.ShownNumber(call.Facts).IsEmpty) return null;
        if (!CarriesIdentity(engine, call)) return StirJobKind.SignShaken;
        return call.Facts.Stir.Verstat == Verstat.Failed ? null : StirJobKind.SignDiversion;
    }

    private static void Fill(StirJob job, Call call)
    {
        var facts = call.Facts;
        var shown = OutboundIdentity.ShownNumber(facts);
        (job.Caller, job.Called, job.Diverting) = (shown, facts.Attempts[^1].Target, facts.Called);
        // A number of the operator's own is known to be theirs; of a caller's only the trunk it came by is known.
        job.Attest = facts.Route!.ShowsSystemNumber ? Attestation.A : Attestation.C;
        job.Origin = facts.InboundTrunk?.Id ?? "";
    }

    private static void Send(CallEngine engine, Call call, in ReceivedAt at)
    {
        Abandon(engine, call);
        if (!DialTarget.TrySendInvite(engine, call, call.Trunk!, at)) FailAttempt.ByTrunk(engine, call, at);
    }
}
