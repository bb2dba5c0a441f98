using System.Globalization;

namespace CallTracker.ControlPlane.Calls.Output;

/// <summary>Cells as texts. Stateless.</summary>
internal static class CellText
{
    /// <summary>The cell of a CSV or TSV file; empty when there is no value.</summary>
    public static string Of(CallColumn column, CallRow row, CallOutputOptions output, CallerNumbers numbers)
    {
        if (column.Kind == CellKind.CallerNumber) return CallerNumber(row, output, numbers);
        var text = column.Text(row, output.Language);
        if (text is null) return "";
        return column.Kind switch
        {
            CellKind.Time => CallTime.Seed(Milliseconds(text)),
            CellKind.Text => Neutralised(text),
            _ => text,
        };
    }

    /// <summary>In clear for those who may see it, else as it is kept.</summary>
    public static string CallerNumber(CallRow row, CallOutputOptions output, CallerNumbers numbers) =>
        output.ShowsCallerNumbers ? numbers.Open(row.ClrIdCipher) : row.ClrIdCipher;

    public static long Milliseconds(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // A spreadsheet runs a cell that begins like a formula. Names are free text of customers; numbers and codes never
    // begin so, because telephone numbers are kept as digits. The apostrophe makes it text.
    private static string Neutralised(string text) =>
        text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + text : text;
}
