using CallTracker.Backends.Dns;

namespace CallTracker.Backends.Routes;

/// <summary>Bounds and times of the route feed. Immutable.</summary>
public sealed record RouteFeedOptions
{
    /// <summary>Routes kept; beyond it some are forgotten and asked for again when they are called.</summary>
    public int RoutesMax { get; init; } = 1_000_000;
    /// <summary>Numbers remembered not to exist.</summary>
    public int NegativesMax { get; init; } = 100_000;
    /// <summary>Look-ups under way at Redis; more are answered as unavailable.</summary>
    public int AsksMax { get; init; } = 10_000;
    /// <summary>How often the change sequence is compared, beside the messages that tell of each change.</summary>
    public int PollMs { get; init; } = 1000;
    /// <summary>How long a failed look-up is answered as unavailable without another try.</summary>
    public int FailureMs { get; init; } = 500;
    /// <summary>How long the first start waits for the names of trunks.</summary>
    public int NamesMsMax { get; init; } = 3_000;
    /// <summary>How the names of trunks are looked up.</summary>
    public DnsOptions Dns { get; init; } = new();
    /// <summary>Changes told and not yet applied; more are fetched from the stream instead.</summary>
    public int ChangesMax { get; init; } = 100_000;
}
