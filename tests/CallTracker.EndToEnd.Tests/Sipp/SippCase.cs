namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>One scenario of the set. Immutable.</summary>
internal sealed record SippCase
{
    /// <summary>What it is about: the points that a carrier asks for.</summary>
    public required string Point { get; init; }
    public required string Caller { get; init; }
    /// <summary>One script for each shop; none for calls that reach nobody.</summary>
    public required string[] Shops { get; init; }
    /// <summary>SIPp's word for the caller's transport.</summary>
    public string Transport { get; init; } = "u1";
    /// <summary>Of the shop's trunk.</summary>
    public string Reliable { get; init; } = "off";
    /// <summary>Further settings of the shop's trunk; null for none.</summary>
    public object? Trunk { get; init; }
    /// <summary>What each row says; empty when there must be none.</summary>
    public string DialStat { get; init; } = "normal";
    /// <summary>What the attempts of each row ended with.</summary>
    public int[] Attempts { get; init; } = [200];
    /// <summary>It has one exchange at a time, so that SIPp can tell repetitions from new messages.</summary>
    public bool TakesLoss { get; init; }
    /// <summary>The messages of each call must be kept.</summary>
    public bool HasLadder { get; init; }
}
