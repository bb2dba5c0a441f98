using CallTracker.Core.Net;

namespace CallTracker.Calls.Access;

/// <summary>
/// Counts wrong passwords by source and blocks a source that guesses: after <see cref="FailuresMax"/> within
/// <see cref="WindowSec"/> its new requests are dropped for <see cref="BlockSec"/>. A fixed table without locks, shared
/// by all workers; when the places of a source are all taken, the oldest entry goes.
/// </summary>
public sealed class AttackGuard
{
    public const int FailuresMax = 10;
    public const int WindowSec = 60;
    public const int BlockSec = 60;
    private const int SlotCount = 4096;
    private const int WayCount = 4;
    // An entry: 24 bits of the source's hash, 8 bits of count, 32 bits of seconds (start of the window, or of the
    // block once the count is full).
    private readonly ulong[] _entries = new ulong[SlotCount];
    private long _blockedUntilMs;

    /// <summary>True while requests of this source are to be dropped.</summary>
    public bool IsBlocked(in IpEndpoint source, long nowMs)
    {
        // Nobody is blocked most of the time: one read says so.
        if (nowMs >= Volatile.Read(ref _blockedUntilMs)) return false;
        var hash = HashOf(source);
        for (var way = 0; way < WayCount; way++)
        {
            var entry = Volatile.Read(ref _entries[SlotOf(hash, way)]);
            if (TagOf(entry) == TagOf(hash)) return CountOf(entry) >= FailuresMax && !IsOver(entry, nowMs);
        }
        return false;
    }

    /// <summary>A wrong user or password came from this source.</summary>
    public void CountFailure(in IpEndpoint source, long nowMs)
    {
        var hash = HashOf(source);
        // Another worker may take the same place at the same time; the loser tries again, and a lost count is no harm.
        for (var attempt = 0; attempt < WayCount; attempt++)
        {
            ref var place = ref PlaceFor(hash, nowMs);
            var entry = Volatile.Read(ref place);
            var isFresh = TagOf(entry) != TagOf(hash) || IsOver(entry, nowMs);
            var count = isFresh ? 1 : Math.Min(CountOf(entry) + 1, FailuresMax);
            var startSec = isFresh || count == FailuresMax ? (uint)(nowMs / 1000) : (uint)entry;
            var changed = (TagOf(hash) << 40) | ((ulong)count << 32) | startSec;
            if (Interlocked.CompareExchange(ref place, changed, entry) != entry) continue;
            if (count == FailuresMax) Volatile.Write(ref _blockedUntilMs, nowMs + (BlockSec * 1000L) + 1000);
            return;
        }
    }

    // The source's own entry, else one that is over, else the oldest.
    private ref ulong PlaceFor(ulong hash, long nowMs)
    {
        var best = SlotOf(hash, 0);
        for (var way = 0; way < WayCount; way++)
        {
            var at = SlotOf(hash, way);
            var entry = Volatile.Read(ref _entries[at]);
            if (TagOf(entry) == TagOf(hash)) return ref _entries[at];
            var held = Volatile.Read(ref _entries[best]);
            if (!IsOver(held, nowMs) && (IsOver(entry, nowMs) || (uint)entry < (uint)held)) best = at;
        }
        return ref _entries[best];
    }

    private static bool IsOver(ulong entry, long nowMs) =>
        entry == 0 || (uint)(nowMs / 1000) - (uint)entry >= (CountOf(entry) >= FailuresMax ? BlockSec : WindowSec);

    // A site has one IPv4 address, or a whole /64 of IPv6.
    private static ulong HashOf(in IpEndpoint source)
    {
        var mixed = (source.IsIpv4 ? source.Ipv4 + 1UL : source.High ^ 0x5555) * 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58_476D_1CE4_E5B9;
        return (mixed ^ (mixed >> 32)) | (1UL << 40);
    }

    private static int SlotOf(ulong hash, int way) => (int)((hash + (uint)way) & (SlotCount - 1));

    private static ulong TagOf(ulong entry) => entry >> 40;

    private static int CountOf(ulong entry) => (int)(entry >> 32) & 0xff;
}
