namespace CallTracker.ControlPlane.Calls;

/// <summary>One column of the call log: its key, names, and where its value comes from. Immutable.</summary>
/// <param name="Key">The key of PRODUCT.md section 5; <c>logvars.valid_res</c> is nested in JSON.</param>
/// <param name="Japanese">Header label in Japanese.</param>
/// <param name="English">Header label in English.</param>
/// <param name="Kind">How its cells are written.</param>
/// <param name="Sql">What to select from the views; the aliases are those of <see cref="CallRow"/>.</param>
/// <param name="SortSql">The expression it is sorted by; it is never null.</param>
/// <param name="SortKind">The type of that expression.</param>
/// <param name="SortValue">The row's value of that expression, for the cursor.</param>
/// <param name="Text">The row's value as a text, before language and secrecy; null when there is none.</param>
internal sealed record CallColumn(
    string Key, string Japanese, string English, CellKind Kind, string Sql, string SortSql, SortKind SortKind,
    Func<CallRow, string> SortValue, Func<CallRow, Language, string?> Text);
