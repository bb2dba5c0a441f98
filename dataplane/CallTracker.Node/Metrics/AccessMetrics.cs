using System.Diagnostics.Metrics;
using CallTracker.Calls.Access;
using CallTracker.Calls.Registration;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>Instruments of digest authentication and of registrations, both ways. Part of the node's meter.</summary>
internal sealed class AccessMetrics
{
    private readonly Worker[] _workers;

    public AccessMetrics(Meter meter, Worker[] workers, BindingRegistry bindings)
    {
        _workers = workers;
        meter.CreateObservableCounter("calltracker_sip_authentications", Inbound, "{request}",
            "Requests that had to prove who they are, by result.");
        meter.CreateObservableCounter("calltracker_sip_challenges", Outbound, "{challenge}",
            "Challenges of trunks to requests of ours, by result.");
        meter.CreateObservableUpDownCounter("calltracker_sip_bindings", () => bindings.Count, "{binding}",
            "Contacts of trunks that registered with this node.");
        meter.CreateObservableGauge("calltracker_trunk_registered", Registered, null,
            "1 while this node is registered with the trunk.");
        meter.CreateObservableCounter("calltracker_trunk_registrations", Registrations, "{request}",
            "REGISTER to trunks, by result.");
    }

    private IEnumerable<Measurement<long>> Inbound() =>
    [
        Result(Sum(c => c.Granted), "granted"),
        Result(Sum(c => c.Challenged), "challenged"),
        Result(Sum(c => c.Stale), "stale"),
        Result(Sum(c => c.Denied), "denied"),
        Result(Sum(c => c.Blocked), "blocked"),
        Result(Sum(c => c.StrangersDropped), "dropped"),
    ];

    private IEnumerable<Measurement<long>> Outbound() =>
    [
        Result(Sum(c => c.Answered), "answered"),
        Result(Sum(c => c.Unanswered), "unanswered"),
    ];

    private IEnumerable<Measurement<long>> Registered()
    {
        foreach (var state in States()) yield return new(state.IsRegistered ? 1 : 0, Trunk(state));
    }

    private IEnumerable<Measurement<long>> Registrations()
    {
        foreach (var state in States())
        {
            yield return new(state.Succeeded, Trunk(state), new KeyValuePair<string, object?>("result", "succeeded"));
            yield return new(state.Failed, Trunk(state), new KeyValuePair<string, object?>("result", "failed"));
        }
    }

    // While a trunk's settings change, the old registration leaves beside the new one: the new one counts.
    private IEnumerable<RegistrationState> States() => _workers.SelectMany(w => w.Engine.Registrations)
        .GroupBy(state => state.TrunkId, StringComparer.Ordinal).Select(group => group.Last());

    private long Sum(Func<AccessCounters, long> read) => _workers.Sum(w => read(w.Engine.AccessCounters));

    private static KeyValuePair<string, object?> Trunk(RegistrationState state) => new("trunk", state.TrunkId);

    private static Measurement<long> Result(long value, string result) =>
        new(value, new KeyValuePair<string, object?>("result", result));
}
