using System.Globalization;

namespace CallTracker.LoadTests.Measure;

/// <summary>A table: one row per figure, one column per repetition, and the median. The scenario's thread.</summary>
internal sealed class Figures(string title)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, List<double>> _values = new(StringComparer.Ordinal);

    public void Add(string name, double value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _names.Add(name);
            _values[name] = values = [];
        }
        values.Add(value);
    }

    public double MedianOf(string name) => Median(_values[name]);

    /// <summary>That of the repetition with the least.</summary>
    public double LeastOf(string name) => _values[name].Min();

    /// <summary>The first repetition's.</summary>
    public double FirstOf(string name) => _values[name][0];

    public void Print()
    {
        var columns = _values.Values.Max(values => values.Count);
        Console.WriteLine();
        Console.WriteLine(title);
        var heads = Enumerable.Range(1, columns).Select(rep => $"run {rep}").Append("median");
        Console.WriteLine($"{"",-38}{string.Concat(heads.Select(head => $"{head,12}"))}");
        foreach (var name in _names)
        {
            var cells = _values[name].Append(MedianOf(name)).Select(Text);
            Console.WriteLine($"{name,-38}{string.Concat(cells.Select(cell => $"{cell,12}"))}");
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return 0;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The value below which that share of the others lies.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    private static string Text(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e12
        ? value.ToString("F0", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) < 100 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
