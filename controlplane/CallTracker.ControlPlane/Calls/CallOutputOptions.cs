namespace CallTracker.ControlPlane.Calls;

/// <summary>How an answer is to look. Immutable, lives for one request.</summary>
/// <param name="Columns">The columns shown, in this order.</param>
/// <param name="Language">The language of words.</param>
/// <param name="HasLabelHeaders">True when CSV headers are labels instead of keys.</param>
/// <param name="HasBom">True when CSV and TSV begin with a byte order mark (old Excel).</param>
/// <param name="ShowsCallerNumbers">True when the key may see callers' numbers.</param>
internal sealed record CallOutputOptions(
    IReadOnlyList<CallColumn> Columns, Language Language, bool HasLabelHeaders, bool HasBom, bool ShowsCallerNumbers);
