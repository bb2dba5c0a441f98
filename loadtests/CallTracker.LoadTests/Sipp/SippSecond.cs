namespace CallTracker.LoadTests.Sipp;

/// <summary>A second, about, of SIPp's caller.</summary>
/// <param name="LastsSec">How long it was exactly.</param>
/// <param name="TargetRate">Calls/s that SIPp meant to place.</param>
/// <param name="Placed">INVITEs of new calls.</param>
/// <param name="Answered">200s to INVITE.</param>
/// <param name="Refused">503s to INVITE.</param>
/// <param name="Failed">Calls that ended in another way than their scenario.</param>
internal sealed record SippSecond(
    double LastsSec, double TargetRate, int Placed, int Answered, int Refused, int Failed);
