namespace CallTracker.Contracts.Numbers;

/// <summary>
/// A band of tracking numbers (PRODUCT.md section 2) as data: its prefix, lengths and what it permits.
/// </summary>
/// <param name="Prefix">Leading digits of the national form.</param>
/// <param name="DigitsMin">Fewest digits of a whole number.</param>
/// <param name="DigitsMax">Most digits of a whole number.</param>
/// <param name="IsFreeCall">True when the caller does not pay.</param>
/// <param name="SystemNumberOnly">True when the callee is shown a system number and never the caller's.</param>
public sealed record NumberBand(string Prefix, int DigitsMin, int DigitsMax, bool IsFreeCall, bool SystemNumberOnly)
{
    /// <summary>The bands a new installation starts with.</summary>
    public static IReadOnlyList<NumberBand> Defaults { get; } =
    [
        new("0120", 10, 10, IsFreeCall: true, SystemNumberOnly: true),
        new("0800", 11, 11, IsFreeCall: true, SystemNumberOnly: true),
        new("0066", 12, 20, IsFreeCall: true, SystemNumberOnly: false),
        new("0078", 12, 20, IsFreeCall: true, SystemNumberOnly: false),
        new("050", 11, 11, IsFreeCall: false, SystemNumberOnly: false),
        new("0", 10, 10, IsFreeCall: false, SystemNumberOnly: false),
    ];

    /// <summary>The band of a normalised number, the longest prefix first; null when no band admits it.</summary>
    public static NumberBand? Find(ReadOnlySpan<char> number, IReadOnlyList<NumberBand>? bands = null)
    {
        NumberBand? best = null;
        foreach (var band in bands ?? Defaults)
        {
            var longer = best is null || band.Prefix.Length > best.Prefix.Length;
            if (longer && number.StartsWith(band.Prefix, StringComparison.Ordinal)) best = band;
        }
        return best is not null && number.Length >= best.DigitsMin && number.Length <= best.DigitsMax ? best : null;
    }
}
