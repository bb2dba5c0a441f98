using System.Buffers.Binary;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// A recording as a WAV file (μ-law, 8 kHz; of both sides stereo, the caller left), opened second by second as it is
/// read, from any place on. Owns the file; one reader.
/// </summary>
public sealed class RecordingWavStream : Stream
{
    /// <summary>Bytes before the samples.</summary>
    public const int HeaderLength = 58;
    private const int RateHz = 8000;
    private const short MuLawTag = 7;
    private readonly RecordingFile _file;
    private readonly byte[] _header;
    private readonly byte[] _content = new byte[RecordingFormat.ContentLengthMax];
    private readonly byte[] _sound = new byte[2 * RateHz];
    private readonly int _bytesPerSecond;
    private int _second = -1;
    private int _soundLength;

    /// <param name="file">Disposed with this.</param>
    /// <exception cref="InvalidDataException">It was altered.</exception>
    public RecordingWavStream(RecordingFile file)
    {
        _file = file;
        _bytesPerSecond = RateHz * file.Header.Channels;
        var ms = file.DurationMs();
        if (ms < 0) throw new InvalidDataException("The recording was altered.");
        var dataLength = ms * RecordingFormat.SamplesPerMs * file.Header.Channels;
        Length = HeaderLength + dataLength;
        _header = MakeHeader((short)file.Header.Channels, (uint)dataLength);
    }

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length { get; }
    public override long Position { get; set; }

    /// <exception cref="InvalidDataException">The second to be read was altered.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty) return 0;
        var source = Position < HeaderLength ? _header.AsSpan((int)Position) : SoundAt(Position - HeaderLength);
        var count = Math.Min(source.Length, buffer.Length);
        source[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> SoundAt(long offset)
    {
        var second = (int)(offset / _bytesPerSecond);
        if (second != _second) Load(second);
        return _sound.AsSpan(0, _soundLength)[(int)(offset % _bytesPerSecond)..];
    }

    private void Load(int second)
    {
        if (!_file.TryReadSound(second, _content, out var stretch))
            throw new InvalidDataException("The recording was altered.");
        var samples = stretch.Ms * RecordingFormat.SamplesPerMs;
        (_second, _soundLength) = (second, samples * _file.Header.Channels);
        var content = _content.AsSpan(RecordingFormat.SoundHeadLength);
        if (stretch.IsSilent) _sound.AsSpan(0, _soundLength).Fill(RecordingFormat.Silence);
        else if (_file.Header.Channels == 1) content[..samples].CopyTo(_sound);
        else Interleave(content[..samples], content.Slice(samples, samples));
    }

    private void Interleave(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var i = 0; i < left.Length; i++) (_sound[2 * i], _sound[(2 * i) + 1]) = (left[i], right[i]);
    }

    // RIFF length WAVE | fmt 18 tag channels rate bytes/s align bits extra | fact 4 samples | data length
    private static byte[] MakeHeader(short channels, uint dataLength)
    {
        var header = new byte[HeaderLength];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), HeaderLength - 8 + dataLength);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 18);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), MuLawTag);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), RateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), RateHz * channels);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), channels);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 8);
        "fact"u8.CopyTo(header.AsSpan(38));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(42), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(46), dataLength / (uint)channels);
        "data"u8.CopyTo(header.AsSpan(50));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(54), dataLength);
        return header;
    }
}
