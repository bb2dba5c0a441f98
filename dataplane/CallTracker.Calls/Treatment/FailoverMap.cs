namespace CallTracker.Calls.Treatment;

/// <summary>
/// Whose failure a final status tells of: the trunk's, then another trunk may reach the same destination, or the
/// destination's own, which holds whatever way it is asked. Stateless.
/// </summary>
internal static class FailoverMap
{
    /// <summary>
    /// True when another trunk is tried. 401, 402, 403 and 407: this trunk does not want us or the call; 408, 430, 5xx:
    /// it cannot. Anything else, above all 404, 480, 484, 486, 488 and 6xx, is said of the destination; 580 of its
    /// media. Never once the destination has rung: it would ring twice, and early media would have to begin anew.
    /// </summary>
    public static bool TriesNextTrunk(int code, bool hasRung) => !hasRung && code switch
    {
        401 or 402 or 403 or 407 or 408 or 430 => true,
        580 => false,
        >= 500 and < 600 => true,
        _ => false,
    };
}
