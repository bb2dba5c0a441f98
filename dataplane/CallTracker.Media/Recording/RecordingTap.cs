using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallTracker.Media.Relay;

namespace CallTracker.Media.Recording;

/// <summary>
/// A worker's side of recording: copies each accepted packet of a recorded side into the ring, and tells the writer
/// what begins and ends. Never waits, never allocates; without a ring it records nothing. Worker thread only, but for
/// <see cref="IsRunning"/> and the counters.
/// </summary>
public sealed class RecordingTap
{
    /// <summary>The longest label, in bytes.</summary>
    public const int LabelLengthMax = 256;
    private readonly MediaSessionTable _table;
    // By slot; 0 where nothing is recorded.
    private readonly uint[] _numbers;
    // By side, since the last packet that found room.
    private readonly ushort[] _dropped;
    // By slot, of what is recorded there.
    private readonly TapState[] _states;
    private uint _lastNumber;
    private long _packets;
    private long _packetsDropped;

    internal RecordingTap(MediaSessionTable table)
    {
        _table = table;
        _numbers = new uint[table.Sessions.Length];
        _dropped = new ushort[table.Sides.Length];
        _states = new TapState[table.Sessions.Length];
    }

    /// <summary>Where packets go; null records nothing. Set before the worker starts.</summary>
    public RecordingRing? Ring { get; set; }

    /// <summary>Packets copied since start; any thread.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Packets that found no room; any thread.</summary>
    public long PacketsDropped => Volatile.Read(ref _packetsDropped);

    /// <summary>
    /// Begins a recording. The caller has told <see cref="MediaRelay.SetNeeds"/>. False when there is no ring, no room
    /// in it, or no such session.
    /// </summary>
    /// <param name="session">The session; what it recorded before ends.</param>
    /// <param name="start">All but the slot, which is found here.</param>
    /// <param name="label">What the writer must know of the call, at most <see cref="LabelLengthMax"/> bytes.</param>
    /// <param name="nowMs">Now.</param>
    public bool TryStart(int session, RecordingStart start, ReadOnlySpan<byte> label, long nowMs)
    {
        if (Ring is null || label.Length > LabelLengthMax || !_table.TryFind(session, out var slot)) return false;
        Stop(session, nowMs);
        start.Slot = slot;
        Span<byte> payload = stackalloc byte[Unsafe.SizeOf<RecordingStart>() + LabelLengthMax];
        MemoryMarshal.Write(payload, in start);
        label.CopyTo(payload[Unsafe.SizeOf<RecordingStart>()..]);
        if (++_lastNumber == 0) _lastNumber = 1;
        var entry = new RecordingEntry { Kind = RecordingEntryKind.Start, Number = _lastNumber, AtMs = nowMs };
        // Before the entry: whoever has read it finds the recording running.
        Volatile.Write(ref _numbers[slot], _lastNumber);
        if (!Ring.TryWrite(entry, payload[..(Unsafe.SizeOf<RecordingStart>() + label.Length)]))
        {
            Volatile.Write(ref _numbers[slot], 0);
            return false;
        }
        (_dropped[slot * 2], _dropped[(slot * 2) + 1]) = (0, 0);
        _states[slot] = new TapState { Sides = start.Sides };
        Listen(slot, start.Sides);
        return true;
    }

    /// <summary>Says what payload types mean from now on in what comes from a side.</summary>
    public void SetFormats(int session, MediaSide side, RecordedTypes formats, long nowMs) =>
        Note(session, RecordingEntryKind.Formats, (byte)side,
            MemoryMarshal.AsBytes(new ReadOnlySpan<RecordedTypes>(in formats)), nowMs);

    /// <summary>
    /// Notes a pause, its end, or the first consent. While it is paused not even a copy of a packet is made.
    /// </summary>
    public TapMark Mark(int session, RecordingEntryKind mark, long nowMs)
    {
        if (!_table.TryFind(session, out var slot) || _numbers[slot] == 0) return TapMark.NotRecorded;
        ref var state = ref _states[slot];
        if (state.With(mark) == state) return TapMark.Unchanged;
        if (!Note(session, mark, 0, default, nowMs)) return TapMark.NoRoom;
        state = state.With(mark);
        Listen(slot, state.IsPaused ? RecordedSides.None : state.Sides);
        return TapMark.Done;
    }

    /// <summary>How a session's recording stands; default when it has none.</summary>
    public TapState StateOf(int session) =>
        _table.TryFind(session, out var slot) && _numbers[slot] != 0 ? _states[slot] : default;

    /// <summary>Ends a session's recording, if it has one.</summary>
    public void Stop(int session, long nowMs)
    {
        if (!_table.TryFind(session, out var slot) || _numbers[slot] == 0) return;
        // What finds no room is made up for by IsRunning.
        Note(session, RecordingEntryKind.Stop, 0, MemoryMarshal.AsBytes(_dropped.AsSpan(slot * 2, 2)), nowMs);
        Forget(slot);
    }

    /// <summary>True while this very recording goes on; any thread.</summary>
    public bool IsRunning(int slot, uint number) => Volatile.Read(ref _numbers[slot]) == number;

    /// <summary>The session is closed.</summary>
    internal void Forget(int slot)
    {
        if (_numbers[slot] == 0) return;
        Volatile.Write(ref _numbers[slot], 0);
        Listen(slot, RecordedSides.None);
    }

    /// <summary>Takes an accepted packet of a recorded side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Take(int sideNumber, ReadOnlySpan<byte> packet)
    {
        var entry = new RecordingEntry
        {
            Kind = RecordingEntryKind.Packet,
            Number = _numbers[sideNumber >> 1],
            AtMs = _table.Sides[sideNumber].Received.LastMs,
            Side = (byte)(sideNumber & 1),
            Dropped = _dropped[sideNumber],
        };
        if (Ring!.TryWrite(entry, packet))
        {
            _dropped[sideNumber] = 0;
            _packets++;
            return;
        }
        if (_dropped[sideNumber] < ushort.MaxValue) _dropped[sideNumber]++;
        _packetsDropped++;
    }

    private void Listen(int slot, RecordedSides sides)
    {
        _table.Sides[slot * 2].IsRecorded = (sides & RecordedSides.Caller) != RecordedSides.None;
        _table.Sides[(slot * 2) + 1].IsRecorded = (sides & RecordedSides.Callee) != RecordedSides.None;
    }

    private bool Note(int session, RecordingEntryKind kind, byte side, ReadOnlySpan<byte> payload, long nowMs)
    {
        if (!_table.TryFind(session, out var slot) || _numbers[slot] == 0) return false;
        var entry = new RecordingEntry { Kind = kind, Number = _numbers[slot], AtMs = nowMs, Side = side };
        return Ring!.TryWrite(entry, payload);
    }
}
