namespace CallTracker.Backends.Dns;

/// <summary>What became of a question. Immutable.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Records">The answer section, without records of types nobody asked for.</param>
internal sealed record DnsAnswer(DnsStatus Status, IReadOnlyList<DnsRecord> Records)
{
    public static DnsAnswer Failed { get; } = new(DnsStatus.Failed, []);
}
