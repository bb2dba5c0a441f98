using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Recording;

/// <summary>
/// Packets on their way from one worker to the writer: a fixed piece of memory with one thread at each end. The worker
/// never waits: what finds no room is refused and counted by the caller. A part of the ring is kept for what begins
/// and ends recordings, so that a flood of packets loses neither. Entries are not cut by the ring's end.
/// </summary>
public sealed class RecordingRing
{
    /// <summary>The smallest ring.</summary>
    public const int CapacityMin = 1 << 16;
    /// <summary>The longest payload.</summary>
    public const int PayloadLengthMax = 2048;
    private static readonly int HeaderLength = Align(Unsafe.SizeOf<RecordingEntry>());
    private const int ReserveShare = 16;
    private readonly byte[] _bytes;
    private readonly int _reserve;
    private Cursor _written;
    private Cursor _taken;
    // The worker's last look at where the writer is: most entries need no look at the other thread's memory.
    private long _takenSeen;

    /// <param name="capacity">Bytes, taken at once; a power of two, at least <see cref="CapacityMin"/>.</param>
    public RecordingRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, CapacityMin);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity & (capacity - 1), 0, nameof(capacity));
        // Not cleared: pages that no packet has reached yet cost nothing.
        _bytes = GC.AllocateUninitializedArray<byte>(capacity);
        _reserve = capacity / ReserveShare;
    }

    public int Capacity => _bytes.Length;

    /// <summary>Bytes that wait for the writer. Any thread.</summary>
    public long Waiting => Math.Max(0, Volatile.Read(ref _written.Value) - Volatile.Read(ref _taken.Value));

    /// <summary>Bytes that an entry takes in the ring.</summary>
    public static int LengthOf(in RecordingEntry entry) => HeaderLength + Align(entry.Length);

    /// <summary>Appends an entry, seen at once; false when there is no room. The worker's thread.</summary>
    public bool TryWrite(in RecordingEntry entry, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > PayloadLengthMax) return false;
        var stride = HeaderLength + Align(payload.Length);
        var written = _written.Value;
        var offset = (int)(written & (Capacity - 1));
        var padding = Capacity - offset < stride ? Capacity - offset : 0;
        var reserve = entry.Kind == RecordingEntryKind.Packet ? _reserve : 0;
        if (!HasRoom(written + padding + stride + reserve)) return false;
        if (padding > 0)
        {
            // A rest too short for a header is known as padding by its length.
            if (padding >= HeaderLength) MemoryMarshal.Write(_bytes.AsSpan(offset), default(RecordingEntry));
            (written, offset) = (written + padding, 0);
        }
        var place = _bytes.AsSpan(offset, stride);
        var header = entry;
        header.Length = payload.Length;
        MemoryMarshal.Write(place, in header);
        payload.CopyTo(place[HeaderLength..]);
        Volatile.Write(ref _written.Value, written + stride);
        return true;
    }

    /// <summary>
    /// The oldest entry, still in the ring until <see cref="Take"/>; false when there is none. The writer's thread.
    /// </summary>
    public bool TryPeek(out RecordingEntry entry, out ReadOnlySpan<byte> payload)
    {
        entry = default;
        payload = default;
        while (_taken.Value != Volatile.Read(ref _written.Value))
        {
            var offset = (int)(_taken.Value & (Capacity - 1));
            var rest = Capacity - offset;
            if (rest >= HeaderLength) entry = MemoryMarshal.Read<RecordingEntry>(_bytes.AsSpan(offset));
            if (rest >= HeaderLength && entry.Kind != RecordingEntryKind.Padding)
            {
                payload = _bytes.AsSpan(offset + HeaderLength, entry.Length);
                return true;
            }
            Volatile.Write(ref _taken.Value, _taken.Value + rest);
        }
        return false;
    }

    /// <summary>Frees the entry that was peeked at; its payload is void. The writer's thread.</summary>
    public void Take(in RecordingEntry entry) =>
        Volatile.Write(ref _taken.Value, _taken.Value + LengthOf(entry));

    private bool HasRoom(long end)
    {
        if (end - _takenSeen <= Capacity) return true;
        _takenSeen = Volatile.Read(ref _taken.Value);
        return end - _takenSeen <= Capacity;
    }

    private static int Align(int length) => (length + 7) & ~7;

    // A cache line of its own, and the next one that the processor fetches with it.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Cursor
    {
        [FieldOffset(128)]
        public long Value;
    }
}
