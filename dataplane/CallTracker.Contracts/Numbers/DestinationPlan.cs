namespace CallTracker.Contracts.Numbers;

/// <summary>
/// The destinations that a tracking number may forward to, as both planes judge them: prefixes that are permitted (the
/// number's own list, or the domestic default) against prefixes that cost or endanger somebody and are barred unless
/// named. The longest prefix decides; among equally long ones, permission. Stateless.
/// </summary>
public static class DestinationPlan
{
    /// <summary>Prefixes one number may list.</summary>
    public const int PrefixesMax = 50;

    /// <summary>What a number without a list may call: Japanese numbers.</summary>
    public static IReadOnlyList<string> Domestic { get; } = ["0"];

    /// <summary>
    /// International (010), carriers' and service prefixes (00…, which also lead abroad), premium rate (0990), services
    /// billed to the caller (0180, 0570), and three-digit services with the emergency numbers (1…).
    /// </summary>
    public static IReadOnlyList<string> Barred { get; } = ["010", "00", "0990", "0180", "0570", "1"];

    /// <summary>True when a number with this list (empty: the default) may forward to the destination.</summary>
    /// <param name="destination">Normalised.</param>
    /// <param name="prefixes">Normalised leading digits.</param>
    public static bool Allows(string destination, IReadOnlyList<string> prefixes)
    {
        var permission = LongestMatch(prefixes.Count == 0 ? Domestic : prefixes, destination);
        return permission >= 0 && permission >= LongestMatch(Barred, destination);
    }

    private static int LongestMatch(IReadOnlyList<string> prefixes, string destination)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
        {
            var isLonger = prefix.Length > longest;
            if (isLonger && destination.StartsWith(prefix, StringComparison.Ordinal)) longest = prefix.Length;
        }
        return longest;
    }
}
