using System.Runtime.CompilerServices;
using CallTracker.Core.Net;

namespace CallTracker.Media.FastPath;

/// <summary>
/// The directions of all calls of a node, one entry for each RTP port, in memory that the kernel's program shares.
/// Found by port, so that nothing is looked up by hash and nothing is ever inserted or deleted. Entries belong to the
/// workers that own the ports.
/// </summary>
internal sealed unsafe class FlowTable
{
    private readonly FlowEntry* _entries;
    private readonly int _firstPort;
    private readonly int _pairCount;
    private readonly int _firstOfIpv4;
    private readonly int _firstOfIpv6;

    /// <param name="memory">Room for <see cref="CountOf"/> entries.</param>
    /// <param name="settings">Which ports and IP versions.</param>
    public FlowTable(nint memory, FastPathSettings settings)
    {
        _entries = (FlowEntry*)memory;
        _firstPort = settings.FirstPort;
        _pairCount = settings.PairCount;
        Count = CountOf(settings);
        _firstOfIpv4 = settings.HasIpv4 ? 0 : Count;
        _firstOfIpv6 = !settings.HasIpv6 ? Count : settings.HasIpv4 ? _pairCount : 0;
        for (var i = 0; i < Count; i++) _entries[i].BeginAsUsers();
    }

    public int Count { get; }

    public static int CountOf(FastPathSettings settings) =>
        settings.PairCount * ((settings.HasIpv4 ? 1 : 0) + (settings.HasIpv6 ? 1 : 0));

    /// <summary>False for a port or an IP version that is not in the table.</summary>
    public bool TryFind(in IpEndpoint local, out int index)
    {
        var pair = (local.Port - _firstPort) >> 1;
        index = pair + (local.IsIpv4 ? _firstOfIpv4 : _firstOfIpv6);
        return (local.Port & 1) == 0 && (uint)pair < (uint)_pairCount && (uint)index < (uint)Count;
    }

    public ref FlowEntry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return ref Unsafe.AsRef<FlowEntry>(_entries + index);
    }

    /// <summary>Tells the program where an entry is found: struct settings of relay.bpf.c.</summary>
    public void WriteSettings(nint memory)
    {
        var fields = (int*)memory;
        fields[0] = _firstPort;
        fields[1] = _pairCount;
        fields[2] = _firstOfIpv4;
        fields[3] = _firstOfIpv6;
    }
}
