using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// Where a page ended: the sort value, time and id of its last row. It names a place in the order and not a count of
/// rows, so rows that arrive meanwhile neither shift nor double anything. Immutable.
/// </summary>
/// <param name="SortText">The order it was made in, as <c>-din_tms</c>.</param>
/// <param name="Value">The sort column's value.</param>
/// <param name="DinMs">The row's din_tms.</param>
/// <param name="TrnId">The row's id.</param>
internal sealed record CallCursor(string SortText, string Value, long DinMs, string TrnId)
{
    private const string Version = "c1";
    private const char Separator = '\u001f';
    private const int LengthMax = 1000;

    public string Seal() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, Version, SortText, Value,
        DinMs.ToString(CultureInfo.InvariantCulture), TrnId)));

    /// <summary>The cursor behind a text of ours; null for any other.</summary>
    public static CallCursor? Open(string text)
    {
        if (text.Length is 0 or > LengthMax || !Base64Url.IsValid(text)) return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator);
        if (parts.Length != 5 || parts[0] != Version || parts[4].Length != 24) return null;
        return long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var dinMs)
            ? new CallCursor(parts[1], parts[2], dinMs, parts[4])
            : null;
    }

    public static CallCursor At(CallQuery query, CallRow row) =>
        new(query.SortText, query.Sort.SortValue(row), row.DinTms, row.TrnId);

    /// <summary>True when the value can stand where the sort column's type wants it.</summary>
    public bool Fits(CallColumn sort) => sort.SortKind switch
    {
        SortKind.Number => ulong.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        SortKind.Time => long.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}
