using System.Globalization;

namespace CallTracker.LoadTests.Product;

/// <summary>Counters of the node at a moment, from its metrics: those whose series begin as asked.</summary>
internal sealed class NodeCounters
{
    /// <summary>What the relay and its kernel dropped, by reason.</summary>
    public static readonly string[] MediaDrops = ["calltracker_relay_dropped_total{", "calltracker_udp_"];

    /// <summary>What tells why calls failed or messages were repeated.</summary>
    public static readonly string[] Trouble =
    [
        "calltracker_sip_retransmissions", "calltracker_sip_kernel_drops", "calltracker_sip_send_failures",
        "calltracker_sip_dropped", "calltracker_call_ends", "calltracker_trunk_failovers", "calltracker_trunk_refusals",
        "calltracker_trunk_transitions", "calltracker_admission_refused", "calltracker_worker_mailbox_refused",
    ];

    /// <summary>Transactions that the node holds now, by state.</summary>
    public static readonly string[] Transactions = ["calltracker_sip_transactions"];

    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public static async Task<NodeCounters> ReadAsync(HttpClient http, Uri metrics, string[] series)
    {
        var counters = new NodeCounters();
        var text = await http.GetStringAsync(metrics);
        foreach (var line in text.Split('\n'))
        {
            var isOne = series.Any(begin => line.StartsWith(begin, StringComparison.Ordinal));
            var end = line.LastIndexOf(' ');
            if (isOne && end > 0)
                counters._values[NameOf(line[..end])] = double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture);
        }
        return counters;
    }

    /// <summary>All of them together.</summary>
    public double Sum => _values.Values.Sum();

    /// <summary>What grew since an earlier reading.</summary>
    public IEnumerable<(string Reason, double Count)> Since(NodeCounters before) =>
        from pair in _values
        let count = pair.Value - before._values.GetValueOrDefault(pair.Key)
        where count > 0
        orderby count descending
        select (pair.Key, count);

    // calltracker_relay_dropped_total{reason="stray"} is relay_dropped stray.
    private static string NameOf(string series)
    {
        var cells = series.Split('"');
        var name = cells[0].Split('{')[0].Replace("calltracker_", "", StringComparison.Ordinal);
        if (name.EndsWith("_total", StringComparison.Ordinal)) name = name[..^"_total".Length];
        return string.Join(' ', cells.Where((_, i) => i % 2 == 1).Prepend(name));
    }
}
