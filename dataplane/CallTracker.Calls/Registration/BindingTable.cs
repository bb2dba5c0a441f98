using CallTracker.Core.Net;

namespace CallTracker.Calls.Registration;

/// <summary>
/// All bindings at one moment. Immutable but for their ends; a change builds a new one and one write publishes it.
/// </summary>
internal sealed class BindingTable
{
    private readonly Dictionary<IpEndpoint, Binding> _bySource = [];
    private readonly Dictionary<string, Binding[]> _byTrunk = new(StringComparer.Ordinal);

    /// <param name="bindings">The older first.</param>
    public BindingTable(Binding[] bindings)
    {
        All = bindings;
        foreach (var binding in bindings)
        {
            _bySource[binding.Flow.Remote] = binding;
            _byTrunk[binding.TrunkId] = _byTrunk.TryGetValue(binding.TrunkId, out var known)
                ? [.. known, binding]
                : [binding];
        }
    }

    public static BindingTable Empty { get; } = new([]);

    public Binding[] All { get; }

    public Binding? FindBySource(in IpEndpoint source) => _bySource.GetValueOrDefault(source);

    public Binding[] OfTrunk(string trunkId) => _byTrunk.GetValueOrDefault(trunkId) ?? [];
}
