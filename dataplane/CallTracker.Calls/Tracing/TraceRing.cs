using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CallTracker.Calls.Tracing;

/// <summary>
/// The last messages of one worker in a fixed piece of memory: the worker overwrites the oldest and never waits, one
/// other thread reads behind it and notices what was overwritten under its hands. Positions count bytes since the start
/// and never go back; entries are not cut by the ring's end.
/// </summary>
public sealed class TraceRing
{
    /// <summary>Bytes of an entry's header.</summary>
    public static readonly int HeaderLength = Align(Unsafe.SizeOf<TraceEntry>());
    /// <summary>The smallest ring: it holds the longest message more than ten times.</summary>
    public const int CapacityMin = 1 << 20;
    private readonly byte[] _bytes;
    private long _written;
    private long _claimed;
    private long _published;

    /// <param name="capacity">Bytes, taken at once; a multiple of 8, at least <see cref="CapacityMin"/>.</param>
    public TraceRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, CapacityMin);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity, Align(capacity));
        // Not cleared: pages that no message has reached yet cost nothing.
        _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    }

    public int Capacity => _bytes.Length;

    /// <summary>Entries before this position are complete. Any thread.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Messages written so far. Read by the metrics thread without synchronisation.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes that newer ones took the place of. Read by the metrics thread.</summary>
    public long Overwritten => Math.Max(0, Published - Capacity);

    /// <summary>Appends an entry; it is seen by the reader after <see cref="Publish"/>. Worker thread only.</summary>
    public void Write(in TraceEntry entry, ReadOnlySpan<byte> payload)
    {
        var stride = HeaderLength + Align(payload.Length);
        // An entry of more than half the ring would leave the reader no time to read anything.
        if (stride > Capacity / 2) return;
        var offset = (int)(_written % Capacity);
        if (Capacity - offset < stride) offset = SkipToStart(offset);
        Claim(_written + stride);
        var place = _bytes.AsSpan(offset, stride);
        MemoryMarshal.Write(place, in entry);
        payload.CopyTo(place[HeaderLength..]);
        _written += stride;
        if (entry.Kind == TraceEntryKind.Message) Messages++;
    }

    /// <summary>
    /// Shows the reader what was written since the last time. Once per turn, so that a message and the call that it
    /// opens are seen together. Worker thread only.
    /// </summary>
    public void Publish() => Volatile.Write(ref _published, _written);

    /// <summary>
    /// Reads the header at a position that was published and moves <paramref name="position"/> to the entry itself
    /// where padding comes before it; false when it is overwritten. The reader's thread.
    /// </summary>
    public bool TryReadHeader(ref long position, out TraceEntry entry)
    {
        entry = default;
        var offset = (int)(position % Capacity);
        if (Capacity - offset >= HeaderLength)
        {
            entry = MemoryMarshal.Read<TraceEntry>(_bytes.AsSpan(offset));
            if (!IsIntact(position)) return false;
            if (entry.Kind != TraceEntryKind.Padding) return true;
        }
        position += Capacity - offset;
        entry = MemoryMarshal.Read<TraceEntry>(_bytes);
        return IsIntact(position);
    }

    /// <summary>The position of the entry behind this one.</summary>
    public static long Next(long position, in TraceEntry entry) => position + HeaderLength + Align(entry.Length);

    /// <summary>Copies an entry's payload; false when it is overwritten. The reader's thread.</summary>
    public bool TryReadPayload(long position, in TraceEntry entry, Span<byte> destination)
    {
        var offset = (int)(position % Capacity) + HeaderLength;
        if (entry.Length < 0 || entry.Length > Capacity - offset) return false;
        _bytes.AsSpan(offset, entry.Length).CopyTo(destination);
        return IsIntact(position);
    }

    private int SkipToStart(int offset)
    {
        var rest = Capacity - offset;
        Claim(_written + rest);
        // A rest too short for a header is known as padding by its length.
        if (rest >= HeaderLength) MemoryMarshal.Write(_bytes.AsSpan(offset), default(TraceEntry));
        _written += rest;
        return 0;
    }

    // The claim is visible before the first byte changes, so a reader that copied old bytes can tell.
    private void Claim(long end)
    {
        Volatile.Write(ref _claimed, end);
        Volatile.WriteBarrier();
    }

    private bool IsIntact(long position)
    {
        Volatile.ReadBarrier();
        return Volatile.Read(ref _claimed) - position <= Capacity;
    }

    private static int Align(int length) => (length + 7) & ~7;
}
