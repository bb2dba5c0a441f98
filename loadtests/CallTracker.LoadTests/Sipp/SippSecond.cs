namespace CallTracker.LoadTests.Sipp;

/// <summary>One second of SIPp's caller.</summary>
/// <param name="Placed">INVITEs of new calls.</param>
/// <param name="Answered">200s to INVITE.</param>
/// <param name="Refused">503s to INVITE.</param>
/// <param name="Failed">Calls that ended in another way than their scenario.</param>
internal sealed record SippSecond(int Placed, int Answered, int Refused, int Failed);
