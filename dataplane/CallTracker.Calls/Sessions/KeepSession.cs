using CallTracker.Calls.Direct;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Sessions;

/// <summary>
/// A leg's session timer from agreement to agreement: each 2xx to INVITE or UPDATE starts it anew; when nobody
/// refreshes, the call ends. The two legs know nothing of each other's. Worker thread only.
/// </summary>
internal static class KeepSession
{
    /// <summary>Agrees to what the peer's INVITE or UPDATE asks, and writes that into the 2xx.</summary>
    public static void Accept(
        ref SipWriter writer, CallEngine engine, Call call, CallLeg leg, SipMessage request, in ReceivedAt at)
    {
        var trunk = call.TrunkOf(leg);
        var terms = SessionTerms.AsServer(request, SessionPolicy.Of(engine, trunk));
        OptionTags.WriteSupported(ref writer, trunk);
        SessionHeaders.WriteResponse(ref writer, terms);
        Start(engine, call, leg, terms, at);
    }

    /// <summary>Takes what the peer's 2xx to our INVITE or UPDATE grants.</summary>
    public static void Take(CallEngine engine, Call call, CallLeg leg, SipMessage response, in ReceivedAt at) =>
        Start(engine, call, leg, SessionTerms.AsClient(response, SessionPolicy.Of(engine, call.TrunkOf(leg))), at);

    /// <summary>The leg's timer fired: refresh, or give the call up.</summary>
    public static void OnTimer(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (leg.Session.IntervalSec > 0 && at.NowMs >= leg.Session.ExpiresMs)
            EndCall.BySystem(engine, call, EndReason.SessionExpired, at);
        else
            RefreshSession.Send(engine, call, leg, at);
    }

    /// <summary>Waits for the next step, but not beyond the session's end.</summary>
    public static void Schedule(CallEngine engine, Call call, CallLeg leg, long dueMs, in ReceivedAt at)
    {
        engine.Timers.Cancel(ref leg.Session.Timer);
        var kind = leg == call.Inbound ? CallTimer.SessionInbound : CallTimer.SessionOutbound;
        var nextMs = leg.Session.IntervalSec > 0 ? Math.Min(dueMs, leg.Session.ExpiresMs) : dueMs;
        leg.Session.Timer = engine.Timers.Schedule(at.NowMs, nextMs - at.NowMs, (ushort)kind, call.Slot);
    }

    /// <summary>The session does not expire any more.</summary>
    public static void Stop(CallEngine engine, CallLeg leg)
    {
        engine.Timers.Cancel(ref leg.Session.Timer);
        leg.Session.IntervalSec = 0;
    }

    /// <summary>The peer has shown that it knows the session: its interval begins anew.</summary>
    public static void Renew(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        leg.Session.RefreshedMs = at.NowMs;
        Schedule(engine, call, leg, leg.Session.DueMs, at);
    }

    private static void Start(CallEngine engine, Call call, CallLeg leg, in SessionTerms terms, in ReceivedAt at)
    {
        Stop(engine, leg);
        engine.Media.MarkAlive(call.Media, leg.Side, at.NowMs);
        var kept = terms.IntervalSec > 0 ? terms : DirectSession.TermsOf(engine, call, leg);
        leg.Session.IsProbe = kept.IntervalSec > terms.IntervalSec;
        if (kept.IntervalSec == 0) return;
        (leg.Session.IntervalSec, leg.Session.IsOurs) = (kept.IntervalSec, kept.IsOurs);
        Renew(engine, call, leg, at);
    }
}
