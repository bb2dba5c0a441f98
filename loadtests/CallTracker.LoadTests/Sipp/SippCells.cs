using System.Globalization;

namespace CallTracker.LoadTests.Sipp;

/// <summary>
/// SIPp's statistics file (<c>-trace_stat</c>): a line a second. Columns end in (P), of that second, or (C), of all.
/// </summary>
/// <param name="lines">The heads, then the lines.</param>
internal sealed class SippCells(string[] lines)
{
    private readonly string[] _heads = lines[0].Split(';');

    /// <summary>What it counted from the beginning.</summary>
    public int Total(string name) => Cell(lines[^1].Split(';'), name + "(C)");

    /// <summary>Line by line; the first, of the moment of the start, is left out.</summary>
    public SippSecond[] Seconds()
    {
        var seconds = new List<SippSecond>();
        for (var i = 2; i < lines.Length; i++)
        {
            var cells = lines[i].Split(';');
            var lasts = Time(cells) - Time(lines[i - 1].Split(';'));
            seconds.Add(new SippSecond(
                lasts, Number(cells, "TargetRate"), Cell(cells, "OutgoingCall(P)"), Cell(cells, "GenericCounter1(P)"),
                Cell(cells, "GenericCounter2(P)"), Cell(cells, "FailedCall(P)")));
        }
        return [.. seconds];
    }

    // Date, time and seconds since 1970, with tabs between them.
    private double Time(string[] cells) =>
        double.Parse(cells[Array.IndexOf(_heads, "CurrentTime")].Split('\t')[^1], CultureInfo.InvariantCulture);

    private double Number(string[] cells, string name) =>
        double.Parse(cells[Array.IndexOf(_heads, name)], CultureInfo.InvariantCulture);

    // Only the flood counts by itself; the columns are not there otherwise.
    private int Cell(string[] cells, string name)
    {
        var at = Array.IndexOf(_heads, name);
        return at < 0 ? 0 : int.Parse(cells[at], CultureInfo.InvariantCulture);
    }
}
