using System.Buffers.Binary;
using System.Security.Cryptography;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Writes one recording's file chunk by chunk, each whole or not at all. While the store refuses, seconds are missed;
/// once it takes bytes again they are made up for with silence, so that the rest stays in its place. The writer's
/// thread.
/// </summary>
internal sealed class RecordingFileWriter(
    RecordingHeader header, RecordingKeys keys, IRecordingStore store, RecordingCounters counters) : IDisposable
{
    private readonly byte[] _headContent = new byte[RecordingFormat.SoundHeadLength];
    private IRecordingOutput? _output;
    private RecordingCipher? _cipher;
    private IncrementalHash? _hash;
    private uint _sequence;
    private uint _second;
    private uint _secondsWritten;

    public RecordingHeader Header => header;

    /// <summary>True once there is a file.</summary>
    public bool IsBegun => _output is not null;

    /// <summary>True once the store has refused something.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Bytes written.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Seconds of sound in the file.</summary>
    public uint SecondsWritten => _secondsWritten;

    /// <summary>Writes a second of sound; false when it was missed.</summary>
    /// <param name="content">As in <see cref="RecordingFormat"/>; the number of the second is filled in here.</param>
    /// <param name="scratch">For the sealed chunk.</param>
    public bool TryWriteSound(Span<byte> content, byte[] scratch)
    {
        var second = _second++;
        if (!TryMakeUp(second, scratch)) return false;
        BinaryPrimitives.WriteUInt32LittleEndian(content, second);
        if (!TryWrite(RecordingChunkKind.Sound, content, scratch)) return false;
        _secondsWritten = second + 1;
        counters.CountStretch();
        return true;
    }

    /// <summary>Notes a moment; false when it could not be written.</summary>
    public bool TryWriteMark(RecordingMark mark, uint placeMs, byte[] scratch)
    {
        Span<byte> content = stackalloc byte[5];
        BinaryPrimitives.WriteUInt32LittleEndian(content, placeMs);
        content[4] = (byte)mark;
        return TryOpen() && TryWrite(RecordingChunkKind.Mark, content, scratch);
    }

    /// <summary>
    /// Writes the end; what was written, with its hash, and whether the end is in the file. Where not, it may be tried
    /// again.
    /// </summary>
    public (RecordingSummary Summary, bool IsEnded) End(RecordingSummary summary, byte[] scratch)
    {
        if (_hash is null || _output is null) return (summary, false);
        summary = summary with { Hash = _hash.GetCurrentHash() };
        Span<byte> content = stackalloc byte[RecordingSummary.Length];
        summary.Write(content);
        return (summary, TryWrite(RecordingChunkKind.End, content, scratch));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _output?.Dispose();
        _cipher?.Dispose();
        _hash?.Dispose();
    }

    // The last second missed may have been shorter, but then nothing follows it.
    private bool TryMakeUp(uint second, byte[] scratch)
    {
        if (!TryOpen()) return false;
        while (_secondsWritten < second)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_headContent, _secondsWritten);
            BinaryPrimitives.WriteUInt16LittleEndian(_headContent.AsSpan(4), 1000);
            if (!TryWrite(RecordingChunkKind.Sound, _headContent, scratch)) return false;
            _secondsWritten++;
        }
        return true;
    }

    /// <summary>Begins the file, if it is not begun; false when the store refuses.</summary>
    public bool TryOpen()
    {
        if (_output is not null) return true;
        IRecordingOutput? output = null;
        try
        {
            output = store.Create(header.TrnId);
            var cipher = keys.Make(header, out var headerBytes);
            output.Append(headerBytes);
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Count(headerBytes);
            (_output, _cipher) = (output, cipher);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            output?.Dispose();
            return Fail();
        }
    }

    private bool TryWrite(RecordingChunkKind kind, ReadOnlySpan<byte> content, byte[] scratch)
    {
        var length = _cipher!.Seal(kind, _sequence, content, scratch);
        try
        {
            if (kind == RecordingChunkKind.End) _output!.AppendEnd(scratch.AsSpan(0, length));
            else _output!.Append(scratch.AsSpan(0, length));
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return Fail();
        }
        _sequence++;
        Count(scratch.AsSpan(0, length));
        return true;
    }

    // What .NET makes of an errno: of EACCES, EPERM and EBADF the second, of EFBIG the third.
    private static bool IsRefusal(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    private void Count(ReadOnlySpan<byte> written)
    {
        _hash!.AppendData(written);
        Bytes += (ulong)written.Length;
        counters.CountBytes(written.Length);
    }

    private bool Fail()
    {
        HasFailed = true;
        counters.CountFailure();
        return false;
    }
}
