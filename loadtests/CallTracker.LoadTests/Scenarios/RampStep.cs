using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>One rate of a ramp, placed by several SIPp at a time, and whose fault it is when a call fails.</summary>
internal sealed class RampStep
{
    private readonly SippResult[] _cells;
    private readonly UdpQueue[] _queues;
    private readonly (string Reason, double Count)[] _trouble;
    private readonly double _rate;
    private readonly double _busy;

    private RampStep(double rate, SippResult[] cells, UdpQueue[] queues, double busy, (string, double)[] trouble) =>
        (_rate, _cells, _queues, _busy, _trouble) = (rate, cells, queues, busy, trouble);

    public int Calls => _cells.Sum(cell => cell.Successful + cell.Failed);

    public int Failed => _cells.Sum(cell => cell.Failed);

    public double PlacedPerSec => _cells.Sum(cell => cell.PlacedPerSec);

    /// <summary>The node's CPU time for a call; zero without a node.</summary>
    public double NodeUsPerCall { get; private init; }

    public static async Task<RampStep> RunAsync(ScenarioContext context, double rate)
    {
        var options = context.Options;
        var share = rate / options.Cells;
        var plans = Enumerable.Range(0, options.Cells)
            .Select(cell => context.CellPlan(cell, (int)(share * options.Secs), share, 0)).ToArray();
        var counters = options.IsDirect ? null : await context.CountersAsync(NodeCounters.Trouble);
        var node = options.IsDirect ? null : ProcessSample.Take(context.Product.NodePid);
        var machine = MachineCpu.Take();
        using var watch = new UdpWatch(Parties(context, plans));
        var cells = await Task.WhenAll(plans.Select(PlaceAsync));
        var busy = MachineCpu.Take().BusySince(machine);
        var nodeUs = node is null ? 0 : ProcessSample.Take(context.Product.NodePid).CpuUs - node.CpuUs;
        var trouble = counters is null ? [] : (await context.CountersAsync(NodeCounters.Trouble)).Since(counters);
        return new RampStep(rate, cells, watch.End(), busy, [.. trouble])
        {
            NodeUsPerCall = nodeUs / plans.Sum(plan => plan.Count),
        };
    }

    /// <summary>
    /// A line of figures; below it, where something failed or was sent again, what tells whose doing that was: who read
    /// late (a long queue) or lost datagrams (drops), and what the node says of its side.
    /// </summary>
    public void Print()
    {
        var repeated = _cells.Sum(cell => cell.Retransmissions);
        var byShops = _cells.Sum(cell => cell.ShopRetransmissions);
        Console.WriteLine(
            $"       {_rate:F0} calls/s: {PlacedPerSec:F0} placed, {Failed} failed, sent again: {repeated} by callers, "
            + $"{byShops} by shops; {NodeUsPerCall:F0} µs of the node, machine {100 * _busy:F0} % busy");
        if (Failed + repeated + byShops == 0) return;
        foreach (var queue in _queues)
            Console.WriteLine($"         {queue.Party}: at most {queue.PeakBytes / 1024} kB wait, {queue.Drops} lost");
        foreach (var (reason, count) in _trouble) Console.WriteLine($"         node, {reason}: {count:F0}");
    }

    private static async Task<SippResult> PlaceAsync(CallPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-ramp-").FullName;
        var result = await new SippPair(plan, folder, hasRtp: false) { Nice = SippPair.Ahead }.RunAsync();
        // What SIPp did not expect is in its error file.
        if (result.Failed == 0) Directory.Delete(folder, recursive: true);
        else await Console.Error.WriteLineAsync($"kept: {folder}");
        return result;
    }

    private static IEnumerable<(string, Core.Net.IpEndpoint)> Parties(ScenarioContext context, CallPlan[] plans)
    {
        if (!context.Options.IsDirect) yield return ("node", context.Product.Node);
        for (var i = 0; i < plans.Length; i++)
        {
            yield return ($"caller {i + 1}", plans[i].Caller);
            yield return ($"shop {i + 1}", plans[i].Shop);
        }
    }
}
