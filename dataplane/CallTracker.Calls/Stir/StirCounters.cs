namespace CallTracker.Calls.Stir;

/// <summary>
/// One worker's counts of verifications and signatures. Written by the worker, read by the metrics thread without
/// synchronisation.
/// </summary>
public sealed class StirCounters
{
    private readonly long[] _verdicts = new long[(int)Verstat.Failed + 1];

    /// <summary>Calls by what verification said of them.</summary>
    public ReadOnlySpan<long> Verdicts => _verdicts;

    /// <summary>Verifications that were not done in time or found no room; they count as not validated too.</summary>
    public long Unverified { get; set; }

    public long Signed { get; set; }

    /// <summary>INVITEs sent without the signature their trunk asks for: no room, no key, too late.</summary>
    public long Unsigned { get; set; }

    internal void Count(Verstat verstat) => _verdicts[(int)verstat]++;
}
