using CallTracker.Calls.Engine;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Trunks;

/// <summary>
/// Watches an attempt until its trunk gives a sign of life: what is refused or down is given up at once, silence is
/// told to the address's health, and after the trunk's answer time the attempt fails. Worker thread only.
/// </summary>
internal static class TrunkWatch
{
    /// <summary>How often a silent attempt is looked at.</summary>
    private const int TickMs = 200;
    /// <summary>
    /// An INVITE gets 100 within 200 ms (RFC 3261 section 17.2.1); after this long, and the first retransmission, its
    /// silence counts.
    /// </summary>
    private const int SilenceMs = 800;
    /// <summary>How long an address that is believed to be down may take to prove the opposite.</summary>
    private const int LastResortMs = 2_000;

    /// <summary>The INVITE went out.</summary>
    public static void Start(CallEngine engine, Call call, int ringMs, in ReceivedAt at)
    {
        var limitMs = Math.Min(engine.Settings.TrunkAnswerTimeoutMs, ringMs);
        call.TrunkLimitMs = call.IsLastResort ? Math.Min(limitMs, LastResortMs) : limitMs;
        call.IsSilenceTold = false;
        Schedule(engine, call, 0, at);
    }

    /// <summary>A response came: the address lives, unless it says itself that it cannot (408, 503).</summary>
    public static void OnResponse(Call call, SipMessage response)
    {
        if (response.StatusCode is not (408 or 503)) call.Facts.Attempts[^1].Endpoint?.Health.OnCallAnswered();
    }

    /// <summary>Its timer fired; nothing has come yet.</summary>
    public static void OnTimer(CallEngine engine, Call call, in ReceivedAt at)
    {
        var elapsedMs = at.NowMs - call.DialedMs;
        var isOver = elapsedMs >= call.TrunkLimitMs;
        var isGivenUp = IsGivenUp(call);
        // The address knows of the refusal, or of its being down, already.
        if (isGivenUp) call.IsSilenceTold = true;
        if (isOver || elapsedMs >= SilenceMs) TellSilence(call, at);
        if (isOver || isGivenUp) FailAttempt.ByTrunk(engine, call, at);
        else Schedule(engine, call, elapsedMs, at);
    }

    /// <summary>The attempt could not be sent, or its transaction ended without a response.</summary>
    public static void OnFailure(Call call, in ReceivedAt at)
    {
        if (!call.HasTrunkAnswered) TellSilence(call, at);
    }

    private static bool IsGivenUp(Call call)
    {
        if (call.Facts.Attempts[^1].Endpoint?.Health is not { } health) return false;
        return health.RefusedMs >= call.DialedMs || (health.IsDown && !call.IsLastResort);
    }

    private static void TellSilence(Call call, in ReceivedAt at)
    {
        if (call.IsSilenceTold) return;
        call.IsSilenceTold = true;
        call.Facts.Attempts[^1].Endpoint?.Health.OnFailure(at.NowMs);
    }

    private static void Schedule(CallEngine engine, Call call, long elapsedMs, in ReceivedAt at)
    {
        var delayMs = Math.Min(TickMs, call.TrunkLimitMs - elapsedMs);
        call.TrunkTimer = engine.Timers.Schedule(at.NowMs, delayMs, (ushort)CallTimer.TrunkTimeout, call.Slot);
    }
}
