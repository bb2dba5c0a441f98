namespace CallTracker.Calls.Trunks;

/// <summary>
/// Weighted random order without state (Efraimidis and Spirakis, 2006): each candidate draws a number, the lowest is
/// first. The draw depends on the call and the candidate alone, so what was drawn for a call stays when a candidate
/// fails, and tests can foresee it. Stateless.
/// </summary>
internal static class TrunkDraw
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    // RFC 2782: weight 0 has a very small chance beside others.
    private const double SmallestWeight = 0.01;

    /// <summary>The candidate's number for this call: exponential with the rate of its weight.</summary>
    public static double Of(ulong token, ulong mark, int weight)
    {
        var uniform = ((Mix(token ^ Mix(mark)) >> 11) + 1) * (1.0 / (1UL << 53));
        return -Math.Log(uniform) / Math.Max(weight, SmallestWeight);
    }

    /// <summary>A number of the call's id.</summary>
    public static ulong TokenOf(ReadOnlySpan<byte> callId)
    {
        var hash = FnvOffset;
        foreach (var octet in callId) hash = (hash ^ octet) * FnvPrime;
        return hash;
    }

    /// <summary>A number of a trunk's id.</summary>
    public static ulong MarkOf(string trunkId)
    {
        var hash = FnvOffset;
        foreach (var letter in trunkId) hash = (hash ^ letter) * FnvPrime;
        return hash;
    }

    // The finaliser of splitmix64: neighbouring inputs come out unrelated.
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
