using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CallTracker.Backends.Journal;

/// <summary>
/// One segment file of a worker's journal, mapped into memory. Exactly one thread appends (the worker, or recovery
/// before the worker exists); the keeper synchronises and deletes it, the shipper reads it. A committed entry is
/// published by one release store of its length, so a reader in this process or after a kill -9 sees a whole prefix.
/// </summary>
internal sealed unsafe class JournalSegment : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private int _written = SegmentLayout.HeaderLength;
    private int _synced;
    private int _openCalls;
    private bool _isSealed;
    private bool _isDisposed;

    private JournalSegment(string path, SafeFileHandle file, int length)
    {
        Path = path;
        Length = length;
        _file = file;
        var access = MemoryMappedFileAccess.ReadWrite;
        _map = MemoryMappedFile.CreateFromFile(file, null, length, access, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, length, access);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public string Path { get; }
    public int Length { get; }
    public int Worker { get; private set; }
    public int Number { get; private set; }
    /// <summary>The process run that wrote it; segments of one run share one heartbeat.</summary>
    public long Run { get; private set; }
    /// <summary>True when reading stopped at a bad entry: the file is kept aside when it is done with.</summary>
    public bool IsBad { get; set; }
    /// <summary>Where the next entry goes; written by the appender alone.</summary>
    public int Written => Volatile.Read(ref _written);
    /// <summary>True when the appender has left for the next segment.</summary>
    public bool IsSealed => Volatile.Read(ref _isSealed);
    /// <summary>
    /// Open calls whose newest Start or Answer entry stands here; the segment may not go before they do.
    /// </summary>
    public int OpenCalls => Volatile.Read(ref _openCalls);
    /// <summary>Everything before it is on the disk.</summary>
    public int Synced => Volatile.Read(ref _synced);
    public bool IsSynced => Synced >= Written;
    public bool HasRoom => Length - _written >= SegmentLayout.EntryLengthMax;
    public long HeartbeatMs => Volatile.Read(ref *(long*)(_start + SegmentLayout.HeartbeatOffset));

    /// <summary>
    /// Makes a segment with all its blocks; throws <see cref="IOException"/> when the disk does not give them.
    /// </summary>
    public static JournalSegment Create(string directory, int worker, int number, long run, int length, long nowMs)
    {
        var path = System.IO.Path.Combine(directory, NameOf(worker, number));
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        JournalSegment? segment = null;
        try
        {
            var error = JournalLibC.Allocate(file, 0, length);
            if (error != 0) throw new IOException($"No space for a journal segment (errno {error}).");
            segment = new JournalSegment(path, file, length) { Worker = worker, Number = number, Run = run };
            segment.WriteHeader(nowMs);
            // The file itself, once; from here on only its content changes.
            RandomAccess.FlushToDisk(file);
            JournalLibC.SyncDirectory(directory);
            return segment;
        }
        catch
        {
            segment?.Dispose();
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens a segment of an earlier run; null when it is not one of ours.</summary>
    public static JournalSegment? TryOpen(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var length = RandomAccess.GetLength(file);
        if (length is < JournalOptions.SegmentBytesMin or > int.MaxValue)
        {
            file.Dispose();
            return null;
        }
        var segment = new JournalSegment(path, file, (int)length);
        if (segment.TryReadHeader()) return segment;
        segment.Dispose();
        return null;
    }

    /// <summary>
    /// The room for one entry's payload; valid while <see cref="HasRoom"/>. Committed by <see cref="Commit"/>.
    /// </summary>
    public Span<byte> PayloadRoom() =>
        new(_start + _written + SegmentLayout.EntryHeaderLength, SegmentLayout.PayloadLengthMax);

    /// <summary>
    /// Publishes the payload just written. The length goes last: until then the entry does not exist.
    /// </summary>
    public void Commit(JournalEntryKind kind, int payloadLength)
    {
        var entry = _start + _written;
        *(uint*)(entry + SegmentLayout.KindOffset) = (byte)kind;
        *(int*)(entry + SegmentLayout.EntryNumberOffset) = Number;
        *(uint*)(entry + SegmentLayout.CrcOffset) = EntryCrc(_written, payloadLength);
        Volatile.Write(ref *(int*)entry, payloadLength);
        Volatile.Write(ref _written, _written + SegmentLayout.LengthOf(payloadLength));
    }

    /// <summary>The entry at <paramref name="offset"/>; the payload points into the mapping.</summary>
    public EntryStatus Read(int offset, out JournalEntryKind kind, out ReadOnlySpan<byte> payload)
    {
        kind = JournalEntryKind.None;
        payload = default;
        if (Length - offset < SegmentLayout.EntryHeaderLength) return EntryStatus.End;
        var length = Volatile.Read(ref *(int*)(_start + offset));
        if (length == 0) return EntryStatus.End;
        if (length < 0 || length > Length - offset - SegmentLayout.EntryHeaderLength) return EntryStatus.Corrupt;
        var entry = _start + offset;
        if (*(uint*)(entry + SegmentLayout.CrcOffset) != EntryCrc(offset, length)) return EntryStatus.Corrupt;
        if (*(int*)(entry + SegmentLayout.EntryNumberOffset) != Number) return EntryStatus.Corrupt;
        kind = (JournalEntryKind)entry[SegmentLayout.KindOffset];
        payload = new ReadOnlySpan<byte>(entry + SegmentLayout.EntryHeaderLength, length);
        return EntryStatus.Entry;
    }

    /// <summary>True when nothing but a torn last entry can stand behind <paramref name="offset"/>.</summary>
    public bool IsEmptyBehind(int offset)
    {
        var from = Math.Min(Length, offset + SegmentLayout.EntryLengthMax);
        return new ReadOnlySpan<byte>(_start + from, Length - from).IndexOfAnyExcept((byte)0) < 0;
    }

    public void Beat(long unixMs) => Volatile.Write(ref *(long*)(_start + SegmentLayout.HeartbeatOffset), unixMs);

    public void Seal() => Volatile.Write(ref _isSealed, true);

    public void CallOpened() => Volatile.Write(ref _openCalls, _openCalls + 1);

    public void CallLeft() => Volatile.Write(ref _openCalls, _openCalls - 1);

    /// <summary>Marks what recovery found as the end, so that reading and synchronising know it.</summary>
    public void SetWritten(int offset) => Volatile.Write(ref _written, offset);

    /// <summary>Waits until everything appended so far is on the disk.</summary>
    public void Sync()
    {
        var written = Written;
        JournalLibC.SyncContent(_file);
        Volatile.Write(ref _synced, written);
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    public static string NameOf(int worker, int number) => $"w{worker:D3}-{number:D9}.journal";

    // The length is part of the sum, so that a damaged length is found like a damaged byte.
    private uint EntryCrc(int offset, int payloadLength)
    {
        var sumLength = SegmentLayout.EntryHeaderLength - SegmentLayout.KindOffset + payloadLength;
        var crc = SegmentLayout.Crc(new ReadOnlySpan<byte>(_start + offset + SegmentLayout.KindOffset, sumLength));
        return crc ^ (uint)payloadLength;
    }

    private void WriteHeader(long nowMs)
    {
        var header = new Span<byte>(_start, SegmentLayout.HeaderLength);
        SegmentLayout.Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[SegmentLayout.WorkerOffset..], Worker);
        BinaryPrimitives.WriteInt32LittleEndian(header[SegmentLayout.NumberOffset..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(header[SegmentLayout.RunOffset..], Run);
        BinaryPrimitives.WriteInt64LittleEndian(header[SegmentLayout.MadeAtOffset..], nowMs);
        var crc = SegmentLayout.Crc(header[..SegmentLayout.HeaderCrcOffset]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[SegmentLayout.HeaderCrcOffset..], crc);
        Beat(nowMs);
    }

    private bool TryReadHeader()
    {
        var header = new ReadOnlySpan<byte>(_start, SegmentLayout.HeaderLength);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[SegmentLayout.HeaderCrcOffset..]);
        if (!header.StartsWith(SegmentLayout.Magic)) return false;
        if (crc != SegmentLayout.Crc(header[..SegmentLayout.HeaderCrcOffset])) return false;
        Worker = BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.WorkerOffset..]);
        Number = BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.NumberOffset..]);
        Run = BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.RunOffset..]);
        return true;
    }
}
