using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Stir;

/// <summary>
/// Has the caller's Identity verified beside the route look-up, when the trunk asks for it. The call waits a bounded
/// time; what is not known by then counts as not validated. Worker thread only.
/// </summary>
internal static class VerifyCaller
{
    /// <summary>Asks the service, or knows at once.</summary>
    public static void Begin(CallEngine engine, Call call, SipMessage invite, in ReceivedAt at)
    {
        // The number's operator is not known yet, so the most exact rule decides, whoever's trunk it is.
        var trunk = engine.Routes.Trunks.FindInbound(call.Inbound.Flow.Remote, null);
        if (trunk is null || !StirPolicy.Verifies(trunk)) return;
        if (invite.Count(SipHeaderKind.Identity) == 0)
        {
            Settle(engine, call, StirVerdict.Because(StirReason.NoIdentity));
            return;
        }
        var job = engine.Stir.TryRent(StirJobKind.Verify, call.Ref(TransactionRole.Detached), at.UnixMs);
        if (job is null || !TryFill(engine, job, invite) || !engine.Stir.TryPost(job))
        {
            GiveUp(engine, call);
            return;
        }
        call.Stir.Pending = job;
        var limitMs = engine.Settings.StirTimeoutMs;
        call.Stir.Timer = engine.Timers.Schedule(at.NowMs, limitMs, (ushort)CallTimer.StirTimeout, call.Slot);
    }

    /// <summary>True when the call, its route known, must wait for the verdict.</summary>
    public static bool MustWait(CallEngine engine, Call call)
    {
        if (call.Stir.Pending is null) return false;
        engine.Timers.Cancel(ref call.StepTimer);
        return call.Stir.IsRouteKnown = true;
    }

    /// <summary>
    /// True when the call's trunk does not take callers that failed: the call ends with the status of RFC 8224
    /// section 6.2.2. Callers of whom nothing is known are never refused: most calls are not signed.
    /// </summary>
    public static bool TryRefuse(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Facts is not { Stir.Verstat: Verstat.Failed, InboundTrunk.StirRefuse: true }) return false;
        EndCall.Refuse(engine, call, EndReason.CallerUnverified, call.Facts.Stir.SipCode, at);
        return true;
    }

    /// <summary>The verdict came.</summary>
    public static void OnVerdict(CallEngine engine, Call call, StirVerdict verdict, in ReceivedAt at)
    {
        Settle(engine, call, verdict);
        GoOn(engine, call, at);
    }

    /// <summary>It did not come in time; the job comes back later and finds nobody.</summary>
    public static void OnTimeout(CallEngine engine, Call call, in ReceivedAt at)
    {
        GiveUp(engine, call);
        GoOn(engine, call, at);
    }

    /// <summary>The call ends while it waits.</summary>
    public static void Abandon(CallEngine engine, Call call)
    {
        if (call.Stir is { Pending: not null, IsSigning: false }) GiveUp(engine, call);
    }

    private static void GoOn(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.State != CallState.LookingUp || !call.Stir.IsRouteKnown) return;
        call.Stir.IsRouteKnown = false;
        LookUpRoute.Run(engine, call, at);
    }

    private static void GiveUp(CallEngine engine, Call call)
    {
        engine.Stir.Counters.Unverified++;
        Settle(engine, call, StirVerdict.Because(StirReason.None));
    }

    private static void Settle(CallEngine engine, Call call, StirVerdict verdict)
    {
        engine.Timers.Cancel(ref call.Stir.Timer);
        call.Stir.Pending = null;
        call.Facts.Stir = verdict;
        engine.Stir.Counters.Count(verdict.Verstat);
    }

    // False when the message brings more than a job holds; the job is back on the desk then.
    private static bool TryFill(CallEngine engine, StirJob job, SipMessage invite)
    {
        var count = invite.Count(SipHeaderKind.Identity);
        var fits = job.TryAdd(invite.TryFind("Date"u8, out var date) ? date : default) && job.TryAdd(invite.CallId);
        for (var i = 0; i < count && fits; i++) fits = job.TryAdd(invite.Header(SipHeaderKind.Identity, i));
        if (!fits)
        {
            engine.Stir.Return(job);
            return false;
        }
        job.Caller = CallerOf(invite);
        job.To = NumberOf(invite.To);
        job.Called = CalledNumber.TryRead(invite, out var called) ? called : default;
        return true;
    }

    // RFC 8224 section 6.2 compares From; where the network asserts an identity, that is the one signed (RFC 8588).
    private static PhoneNumber CallerOf(SipMessage invite)
    {
        var asserted = NumberOf(invite.Header(SipHeaderKind.PAssertedIdentity));
        return asserted.IsEmpty ? NumberOf(invite.From) : asserted;
    }

    private static PhoneNumber NumberOf(ReadOnlySpan<byte> field)
    {
        if (!NameAddrView.TryParse(field, out var address)) return default;
        if (!SipUriView.TryParse(address.Uri, out var uri)) return default;
        return CalledNumber.TryRead(uri, out var number) ? number : default;
    }
}
