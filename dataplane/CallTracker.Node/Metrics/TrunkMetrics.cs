using System.Diagnostics.Metrics;
using CallTracker.Calls.Routing;

namespace CallTracker.Node.Metrics;

/// <summary>
/// What this node knows of each trunk, on the node's meter. Read from the state that workers share; a trunk that is
/// gone is no longer told of.
/// </summary>
internal sealed class TrunkMetrics
{
    /// <summary>Trunks told of one by one; beyond it the series would cost more than they tell.</summary>
    private const int TrunksMax = 500;
    /// <summary>
    /// Series that an instrument may have: four a trunk, for twice as many as are shown, because those of trunks that
    /// are gone keep their places.
    /// </summary>
    public const int SeriesMax = TrunksMax * 4 * 2;
    private readonly IRouteSource _routes;

    public TrunkMetrics(Meter meter, IRouteSource routes)
    {
        _routes = routes;
        meter.CreateObservableGauge("calltracker_trunk_up", () => Each(t => t.IsUp ? 1 : 0), null,
            "1 while at least one address of the trunk answers.");
        meter.CreateObservableUpDownCounter("calltracker_trunk_channels", () => Each(t => t.Load.Channels), "{call}",
            "Calls up on the trunk, both directions.");
        meter.CreateObservableCounter("calltracker_trunk_transitions", Transitions, "{transition}",
            "Times an address of the trunk went down and came up.");
        meter.CreateObservableCounter("calltracker_trunk_refusals", Refusals, "{call}",
            "Calls that the trunk's limits refused: inbound ones got 503, outbound ones another trunk.");
    }

    private List<Measurement<long>> Each(Func<Trunk, long> read)
    {
        var list = new List<Measurement<long>>();
        foreach (var trunk in Shown()) list.Add(new(read(trunk), Label("trunk", trunk.Id)));
        return list;
    }

    private List<Measurement<long>> Transitions()
    {
        var list = new List<Measurement<long>>();
        foreach (var trunk in Shown())
        {
            list.Add(new(trunk.Endpoints.Sum(e => e.Health.Downs), Label("trunk", trunk.Id), Label("to", "down")));
            list.Add(new(trunk.Endpoints.Sum(e => e.Health.Ups), Label("trunk", trunk.Id), Label("to", "up")));
        }
        return list;
    }

    private List<Measurement<long>> Refusals()
    {
        var list = new List<Measurement<long>>();
        foreach (var trunk in Shown())
        {
            foreach (var outbound in (ReadOnlySpan<bool>)[false, true])
            {
                list.Add(RefusalsOf(trunk, outbound, byRate: false));
                list.Add(RefusalsOf(trunk, outbound, byRate: true));
            }
        }
        return list;
    }

    private static Measurement<long> RefusalsOf(Trunk trunk, bool outbound, bool byRate) => new(
        trunk.Load.Refused(outbound, byRate), Label("trunk", trunk.Id),
        Label("direction", outbound ? "outbound" : "inbound"), Label("reason", byRate ? "rate" : "channels"));

    private ReadOnlySpan<Trunk> Shown()
    {
        var all = _routes.Trunks.All;
        return all.Length <= TrunksMax ? all : all[..TrunksMax];
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
