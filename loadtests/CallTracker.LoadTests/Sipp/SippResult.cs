using CallTracker.LoadTests.Measure;

namespace CallTracker.LoadTests.Sipp;

/// <summary>What SIPp's caller counted.</summary>
/// <param name="Successful">Calls that went through their whole scenario.</param>
/// <param name="Failed">Calls that did not.</param>
/// <param name="Retransmissions">Messages it sent again.</param>
/// <param name="Seconds">Second by second, for scenarios that count.</param>
internal sealed record SippResult(int Successful, int Failed, int Retransmissions, IReadOnlyList<SippSecond> Seconds)
{
    /// <summary>Messages that its shop sent again.</summary>
    public int ShopRetransmissions { get; init; }

    /// <summary>Calls placed a second, the median; seconds in which none were do not count.</summary>
    public double PlacedPerSec =>
        Figures.Median(Seconds.Where(second => second.Placed > 0).Select(second => second.Placed / second.LastsSec));
}
