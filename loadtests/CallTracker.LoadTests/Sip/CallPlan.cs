using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Sip;

/// <summary>What a driver is to do. Immutable.</summary>
internal sealed record CallPlan
{
    /// <summary>Hold until told to hang up.</summary>
    public const int HoldForever = -1;

    public required IpEndpoint Node { get; init; }
    public required IpEndpoint Caller { get; init; }
    public required IpEndpoint Shop { get; init; }
    /// <summary>The tracking number called.</summary>
    public required string Number { get; init; }
    public required int Count { get; init; }
    public required double RatePerSec { get; init; }
    /// <summary>Talk from 200 to BYE, or <see cref="HoldForever"/>.</summary>
    public int HoldMs { get; init; }
    /// <summary>The shop's 200 comes so long after its 180.</summary>
    public int RingMs { get; init; } = 20;
    /// <summary>Callers' numbers are 03 and eight digits, counted from here: each calls once.</summary>
    public int FirstCaller { get; init; }
    /// <summary>False sends an INVITE once: one that meets a restarted node is a second call for that.</summary>
    public bool RepeatsInvite { get; init; } = true;
    /// <summary>How long an INVITE may go without a final answer.</summary>
    public int AnswerMsMax { get; init; } = 32_000;
    /// <summary>First port of the far ends of media.</summary>
    public int MediaPort { get; init; } = 44_900;

    public string CallerNumber(int call) => $"03{FirstCaller + call:D8}";
}
