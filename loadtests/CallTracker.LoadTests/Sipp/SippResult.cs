namespace CallTracker.LoadTests.Sipp;

/// <summary>What SIPp's caller counted.</summary>
/// <param name="Successful">Calls that went through their whole scenario.</param>
/// <param name="Failed">Calls that did not.</param>
/// <param name="Retransmissions">Messages it sent again.</param>
/// <param name="Seconds">Second by second, for scenarios that count.</param>
internal sealed record SippResult(int Successful, int Failed, int Retransmissions, IReadOnlyList<SippSecond> Seconds);
