using System.Globalization;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Trunks;

/// <summary>
/// A tracking number with one destination that several trunks lead to, in the order in which they are added. Owned by
/// one test.
/// </summary>
internal sealed class TrunkedLine
{
    private static int LineCount;
    private readonly Product _product;
    private readonly string _destination;
    private int _trunkCount;

    private TrunkedLine(Product product, int serial)
    {
        _product = product;
        DinId = string.Create(CultureInfo.InvariantCulture, $"0505900{serial:D4}");
        _destination = string.Create(CultureInfo.InvariantCulture, $"0398{serial:D6}");
    }

    public string DinId { get; }

    public static async Task<TrunkedLine> NewAsync(Product product, int ringSec = 20)
    {
        var line = new TrunkedLine(product, Interlocked.Increment(ref LineCount));
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/numbers", new
        {
            din_id = line.DinId,
            client_id = "e2e",
            dialin_name = "trunked " + line.DinId,
            destinations = new[] { new { fwd_id = line._destination, ring_sec = ringSec } },
        });
        return line;
    }

    /// <summary>Adds the next trunk; its id.</summary>
    public async Task<string> AddTrunkAsync(
        string address, int? priority = null, int weight = 100, int probeSec = 0, int channelsMax = 0,
        string[]? codecs = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"tr-{_destination}-{_trunkCount}");
        await _product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = id,
            name = id,
            address,
            prefixes = new[] { _destination },
            priority = priority ?? _trunkCount,
            weight,
            probe_sec = probeSec,
            channels_max = channelsMax,
            codecs = codecs ?? [],
        });
        _trunkCount++;
        await SeenAsync(_product, id);
        return id;
    }

    /// <summary>Waits until the node has a trunk in force.</summary>
    public static Task SeenAsync(Product product, string trunk) => Wait.UntilAsync($"trunk {trunk} is in force", 5_000,
        async () => (await product.Http.NodePageAsync("/metrics")).Contains($"{{trunk=\"{trunk}\"}}"));

    public Task<string> AddTrunkAsync(
        int port, int? priority = null, int weight = 100, int probeSec = 0, int channelsMax = 0,
        string[]? codecs = null) =>
        AddTrunkAsync($"127.0.0.1:{port}", priority, weight, probeSec, channelsMax, codecs);

    public SippRun StartCaller(string script, SippCallerOptions? options = null) =>
        SippRun.StartCaller(_product, script, DinId, options ?? new SippCallerOptions());

    /// <summary>The row of the one call.</summary>
    public Task<CallRow> RowAsync() => Wait.ForAsync("the row of " + DinId, 10_000, async () =>
    {
        var rows = await _product.RowsAsync(DinId);
        return rows.Count == 1 ? rows[0] : null;
    });

    /// <summary>A trunk's value of a metric of the node; further labels as they stand on the page.</summary>
    public static async Task<double> MetricAsync(Product product, string name, string trunk, string labels = "")
    {
        var page = await product.Http.NodePageAsync("/metrics");
        return page.Split('\n')
            .Where(l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains($"trunk=\"{trunk}\"")
                && l.Contains(labels))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
