namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>How a calling SIPp calls. Immutable.</summary>
internal sealed record SippCallerOptions
{
    /// <summary>The caller's number; one that nobody else has when null.</summary>
    public string? Number { get; init; }
    /// <summary>The source address; another one than 127.0.0.1 is a stranger to the product.</summary>
    public string Address { get; init; } = "127.0.0.1";
    /// <summary>Where it calls; the node's SIP port when null.</summary>
    public string? Target { get; init; }
    /// <summary>SIPp's word for the transport: u1 UDP, t1 one TCP connection, tn one for each call.</summary>
    public string Transport { get; init; } = "u1";
    /// <summary>Messages it loses by chance, of a hundred.</summary>
    public int LossPercent { get; init; }
    public int CallCount { get; init; } = 1;
    public int CallsPerSecond { get; init; } = 10;
    public int LimitSec { get; init; } = 45;
}
