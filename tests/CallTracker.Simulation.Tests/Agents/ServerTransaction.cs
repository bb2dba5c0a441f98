namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A request that came to an agent and the answers it gave (RFC 3261 section 17.2); refusals of INVITE are repeated
/// until their ACK. Owned by its <see cref="Agent"/>.
/// </summary>
internal sealed class ServerTransaction(Agent agent, SimMessage request)
{
    private const int T1Ms = 500;
    private const int T2Ms = 4_000;
    private const int GiveUpMs = 64 * T1Ms;
    private string _last = "";
    private int _intervalMs = T1Ms;
    private long _untilMs;

    public SimMessage Request { get; } = request;

    /// <summary>Who answers; null for strangers.</summary>
    public Party? Party { get; set; }

    /// <summary>Status of the last answer, 0 before it.</summary>
    public int Code { get; private set; }

    /// <summary>Status of the final answer; a proxy that forks may pass several 2xx.</summary>
    public bool IsFinal => Code >= 200;

    public bool IsAcknowledged { get; set; }

    public void Respond(string response, int code)
    {
        (_last, Code) = (response, code);
        agent.Send(response);
        if (Request.Method != "INVITE" || code < 300) return;
        _untilMs = agent.World.NowMs + GiveUpMs;
        agent.World.Later(_intervalMs, RepeatRefusal);
    }

    /// <summary>A 2xx to INVITE was given; its party repeats it.</summary>
    public void MarkAnswered() => Code = 200;

    /// <summary>A reliable 18x was given; its party repeats it.</summary>
    public void MarkRinging()
    {
        (_last, Code) = ("", 180);
    }

    /// <summary>The request came again; a 2xx to INVITE repeats itself.</summary>
    public void OnRepeated()
    {
        var isAnswered = Request.Method == "INVITE" && Code is >= 200 and < 300;
        if (_last.Length > 0 && !isAnswered && Party is not { IsDead: true }) agent.Send(_last);
    }

    private void RepeatRefusal()
    {
        if (IsAcknowledged || Party is { IsDead: true } || agent.World.NowMs >= _untilMs) return;
        agent.Send(_last);
        _intervalMs = Math.Min(_intervalMs * 2, T2Ms);
        agent.World.Later(_intervalMs, RepeatRefusal);
    }
}
