using System.Globalization;

namespace CallTracker.LoadTests.Product;

/// <summary>What the node and its kernel dropped since start, by reason, from the node's metrics.</summary>
internal sealed class DropCounters
{
    private const string Dropped = "calltracker_relay_dropped_total{";
    private const string Kernel = "calltracker_udp_";
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public static async Task<DropCounters> ReadAsync(HttpClient http, Uri metrics)
    {
        var counters = new DropCounters();
        var text = await http.GetStringAsync(metrics);
        foreach (var line in text.Split('\n'))
        {
            var isOne = line.StartsWith(Dropped, StringComparison.Ordinal)
                || line.StartsWith(Kernel, StringComparison.Ordinal);
            var end = line.LastIndexOf(' ');
            if (isOne && end > 0)
                counters._values[NameOf(line[..end])] = double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture);
        }
        return counters;
    }

    /// <summary>What grew since an earlier reading.</summary>
    public IEnumerable<(string Reason, double Count)> Since(DropCounters before) =>
        from pair in _values
        let count = pair.Value - before._values.GetValueOrDefault(pair.Key)
        where count > 0
        orderby count descending
        select (pair.Key, count);

    // calltracker_relay_dropped_total{reason="stray"} is stray.
    private static string NameOf(string series)
    {
        var cells = series.Split('"');
        return cells.Length > 1 ? cells[1] : series;
    }
}
