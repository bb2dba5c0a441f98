using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>What a scenario works with: its options, the product it runs, and what it finds.</summary>
internal sealed class ScenarioContext(LoadOptions options) : IAsyncDisposable
{
    private ProductRun? _product;
    private ProductApi? _api;
    private int _nextCaller;

    public LoadOptions Options => options;

    public Findings Findings { get; } = new();

    public ProductRun Product => _product ?? throw new LoadTestException("the product was not started");

    public ProductApi Api => _api ?? throw new LoadTestException("the product was not started");

    /// <param name="settings">The product's variables that the scenario wants otherwise than usual.</param>
    public Task StartProductAsync(params (string Name, string Value)[] settings) =>
        StartProductAsync(options.TrunkMedia, settings);

    /// <param name="media">The trunks' media: anchored or direct.</param>
    /// <param name="settings">The product's variables that the scenario wants otherwise than usual.</param>
    public async Task StartProductAsync(string media, (string Name, string Value)[] settings)
    {
        Console.WriteLine("starting the product …");
        _product = new ProductRun(options, settings);
        await _product.StartAsync();
        _api = new ProductApi(_product);
        await _api.ProvisionAsync(media);
    }

    /// <summary>A plan for the product that runs; each plan has callers of its own.</summary>
    public CallPlan Plan(int count, double ratePerSec, int holdMs)
    {
        var plan = new CallPlan
        {
            Node = options.IsDirect ? At(90) : Product.Node,
            Caller = At(71),
            Shop = At(90),
            Number = ProductApi.Number,
            Count = count,
            RatePerSec = ratePerSec,
            HoldMs = holdMs,
            FirstCaller = _nextCaller,
            MediaPort = options.MediaPort,
        };
        _nextCaller += count;
        return plan;
    }

    /// <summary>
    /// A plan of a cell: two have parties, trunks and a number of their own, so that as many SIPp share the work.
    /// </summary>
    public CallPlan CellPlan(int cell, int count, double ratePerSec, int holdMs)
    {
        var plan = Plan(count, ratePerSec, holdMs);
        if (cell == 0) return plan;
        var shop = At(ProductRun.SecondShopOffset);
        return plan with
        {
            Node = options.IsDirect ? shop : plan.Node,
            Caller = At(ProductRun.SecondCallerOffset),
            Shop = shop,
            Number = ProductApi.SecondNumber,
        };
    }

    /// <summary>Reads the node's counters whose series begin so.</summary>
    public Task<NodeCounters> CountersAsync(string[] series) =>
        NodeCounters.ReadAsync(Api.Plain, Product.Metrics, series);

    /// <summary>The calls placed so far: as many rows there must be.</summary>
    public int Placed => _nextCaller;

    /// <summary>The verdict; 0 when all claims hold.</summary>
    public int End()
    {
        if (Findings.AreAllGood) _product?.MarkGood();
        return Findings.AreAllGood ? 0 : 1;
    }

    /// <summary>Stops the product before the end, to leave the machine to another.</summary>
    public async Task StopProductAsync()
    {
        if (Findings.AreAllGood) _product?.MarkGood();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        var product = _product;
        (_api, _product) = (null, null);
        if (product is not null) await product.DisposeAsync();
    }

    private Core.Net.IpEndpoint At(int offset) =>
        Core.Net.IpEndpoint.From(System.Net.IPAddress.Loopback, options.PortBase + offset);
}
