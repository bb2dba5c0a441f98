using CallTracker.Core.Net;

namespace CallTracker.Calls.Registration;

/// <summary>
/// The bindings of a node, shared by its workers: each reads the table of the moment, and whoever changes it publishes
/// a new one. A refresh, which is what nearly all REGISTERs are, changes no table and allocates nothing. Any thread.
/// </summary>
public sealed class BindingRegistry
{
    /// <summary>Bindings one trunk may have; a further one is refused with 503.</summary>
    public const int PerTrunkMax = 8;

    /// <summary>Bindings a node holds; a further one is refused with 503.</summary>
    public const int CountMax = 10_000;
    private BindingTable _table = BindingTable.Empty;
    private long _changes;

    /// <summary>Bindings held, over ones included until the next change or sweep.</summary>
    public int Count => Table.All.Length;

    /// <summary>Counts changes and refreshes, so that a keeper knows when to write them down.</summary>
    public long Changes => Volatile.Read(ref _changes);

    internal BindingTable Table => Volatile.Read(ref _table);

    public bool Knows(in IpEndpoint source, long unixMs) => FindBySource(source, unixMs) is not null;

    /// <summary>The bindings in force, for a keeper.</summary>
    public IReadOnlyList<Binding> Snapshot() => Table.All;

    /// <summary>Takes bindings of an earlier run at start, those that are over left out.</summary>
    public void Restore(IEnumerable<Binding> bindings, long unixMs)
    {
        var live = new List<Binding>();
        foreach (var binding in bindings)
        {
            if (binding.IsLive(unixMs) && live.Count < CountMax) live.Add(binding);
        }
        Volatile.Write(ref _table, new BindingTable([.. live]));
    }

    internal Binding? FindBySource(in IpEndpoint source, long unixMs) =>
        Table.FindBySource(source) is { } binding && binding.IsLive(unixMs) ? binding : null;

    /// <summary>The binding a call to this trunk goes to: the one registered last that is in force.</summary>
    internal Binding? FindForCall(string trunkId, long unixMs)
    {
        var bindings = Table.OfTrunk(trunkId);
        for (var i = bindings.Length - 1; i >= 0; i--)
        {
            if (bindings[i].IsLive(unixMs)) return bindings[i];
        }
        return null;
    }

    /// <summary>The trunk's binding of a Contact URI, in force or over.</summary>
    internal Binding? Find(string trunkId, ReadOnlySpan<byte> contact)
    {
        foreach (var binding in Table.OfTrunk(trunkId))
        {
            if (contact.SequenceEqual(binding.Contact)) return binding;
        }
        return null;
    }

    /// <summary>Moves a binding's end; false when it is over and was taken out just now.</summary>
    internal bool TryRefresh(Binding binding, uint cseq, long expiresUnixMs)
    {
        if (!binding.TryRefresh(cseq, expiresUnixMs)) return false;
        Interlocked.Increment(ref _changes);
        return true;
    }

    /// <summary>Puts a binding in place of the one with its Contact; false at a bound.</summary>
    public bool TryPut(Binding binding, long unixMs)
    {
        while (true)
        {
            var table = Table;
            var kept = new List<Binding>(table.All.Length + 1);
            var ofTrunk = 0;
            foreach (var other in table.All)
            {
                var isSame = other.TrunkId == binding.TrunkId && other.Contact.AsSpan().SequenceEqual(binding.Contact);
                if (isSame || other.TryEnd(unixMs)) continue;
                if (other.TrunkId == binding.TrunkId) ofTrunk++;
                kept.Add(other);
            }
            if (ofTrunk >= PerTrunkMax || kept.Count >= CountMax) return false;
            kept.Add(binding);
            if (TryPublish(table, kept)) return true;
        }
    }

    /// <summary>Takes out what is over; to be called now and then.</summary>
    public void Sweep(long unixMs)
    {
        var table = Table;
        if (Array.TrueForAll(table.All, binding => binding.IsLive(unixMs))) return;
        var kept = new List<Binding>(table.All.Length);
        foreach (var binding in table.All)
        {
            if (!binding.TryEnd(unixMs)) kept.Add(binding);
        }
        // Whoever was faster has made a table of its own; the next sweep sees that.
        TryPublish(table, kept);
    }

    /// <summary>Takes a trunk's binding out, or all of them when <paramref name="contact"/> is empty.</summary>
    internal void Remove(string trunkId, ReadOnlySpan<byte> contact)
    {
        while (true)
        {
            var table = Table;
            var kept = new List<Binding>(table.All.Length);
            foreach (var other in table.All)
            {
                var isMeant = other.TrunkId == trunkId && (contact.IsEmpty || contact.SequenceEqual(other.Contact));
                if (!isMeant) kept.Add(other);
            }
            if (kept.Count == table.All.Length || TryPublish(table, kept)) return;
        }
    }

    private bool TryPublish(BindingTable old, List<Binding> bindings)
    {
        if (Interlocked.CompareExchange(ref _table, new BindingTable([.. bindings]), old) != old) return false;
        Interlocked.Increment(ref _changes);
        return true;
    }
}
