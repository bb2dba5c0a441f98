namespace CallTracker.Sip.Tests.Support;

/// <summary>
/// Moments count as equal when they are so near: the timer wheel may be a tick late at each retransmission.
/// </summary>
internal sealed class Near(long toleranceMs) : IEqualityComparer<long>
{
    public bool Equals(long x, long y) => Math.Abs(x - y) <= toleranceMs;

    public int GetHashCode(long obj) => 0;
}
