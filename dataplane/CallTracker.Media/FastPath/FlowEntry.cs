using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CallTracker.Media.FastPath;

//   0  owner, version, IP version, ports   16  remote address   32  local address
//  48  new source        64  new target    80  new ports, interface   88  next hop
// 104  its family, deltas, clock rate     120  statistics             288  not used
/// <summary>
/// One direction of a call in the table that kernel and worker share: where its packets come from, what they are
/// rewritten to, what was measured. The layout is that of struct flow in relay.bpf.c. <see cref="Owner"/> says whose
/// it is at this moment; the worker that has the port pair alone speaks for userspace.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct FlowEntry
{
    public const int SizeBytes = 320;
    private const int SnapshotTries = 64;
    private uint _owner;
    private uint _version;
    /// <summary>4 or 6.</summary>
    public uint IpVersion;
    /// <summary>In network order, like all ports and addresses here.</summary>
    public ushort RemotePort;
    public ushort LocalPort;
    public FlowAddress Remote;
    public FlowAddress Local;
    public FlowAddress NewSource;
    public FlowAddress NewTarget;
    public ushort NewSourcePort;
    public ushort NewTargetPort;
    public int InterfaceIndex;
    public FlowAddress NextHop;
    /// <summary>AF_INET or AF_INET6.</summary>
    public uint NextHopFamily;
    /// <summary>Ones' complement sum of the new addresses less the old ones, as 16-bit words in memory
    /// order.</summary>
    public uint AddressDelta;
    public uint PortDelta;
    public int ClockRateHz;
    public FlowStats Stats;

    public readonly FlowOwner Owner => (FlowOwner)Volatile.Read(in _owner);

    /// <summary>Lets the kernel relay; all else must be written before.</summary>
    public void GiveToKernel() => Volatile.Write(ref _owner, (uint)FlowOwner.Kernel);

    /// <summary>At the start, when no program is attached yet.</summary>
    public void BeginAsUsers() => Volatile.Write(ref _owner, (uint)FlowOwner.User);

    /// <summary>
    /// Takes the direction back: when this returns, the kernel has finished with its last packet and touches nothing
    /// any more. A program holds the entry for a fraction of a microsecond, so this spins.
    /// </summary>
    public void TakeBack()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _owner, (uint)FlowOwner.User, (uint)FlowOwner.Kernel)
            == (uint)FlowOwner.Busy)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Reads the statistics of one moment while the kernel goes on. False when it wrote each time.</summary>
    public readonly bool TrySnapshot(out FlowStats stats)
    {
        for (var i = 0; i < SnapshotTries; i++)
        {
            var before = Volatile.Read(in _version);
            stats = Stats;
            // x86-64 keeps loads in order; the barrier keeps the compiler to it.
            Interlocked.MemoryBarrier();
            if ((before & 1) == 0 && Volatile.Read(in _version) == before) return true;
        }
        Unsafe.SkipInit(out stats);
        return false;
    }
}
