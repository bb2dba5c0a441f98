using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Reads a recording's file, also one that is being written or was cut off: as many whole chunks as there are. The
/// owner of the stream; one thread.
/// </summary>
public sealed class RecordingFile : IDisposable
{
    private readonly Stream _file;
    private readonly RecordingCipher _cipher;
    private readonly List<Chunk> _chunks = [];
    private readonly List<int> _sounds = [];
    private readonly byte[] _bytes = new byte[RecordingFormat.ContentLengthMax + RecordingFormat.ChunkOverhead];

    private RecordingFile(Stream file, RecordingHeader header, int headerLength, RecordingCipher cipher)
    {
        (_file, Header, _cipher, EndOffset) = (file, header, cipher, headerLength);
        ReadIndex();
    }

    public RecordingHeader Header { get; }

    /// <summary>What it came to; null while it has no end, or one that was altered.</summary>
    public RecordingSummary? Summary { get; private set; }

    /// <summary>Seconds of sound, the last one perhaps shorter.</summary>
    public int SoundCount => _sounds.Count;

    /// <summary>Chunks of all kinds: the sequence number of the next one.</summary>
    public uint ChunkCount => (uint)_chunks.Count;

    /// <summary>Where the last whole chunk ends; a torn one may stand behind it.</summary>
    public long EndOffset { get; private set; }

    /// <summary>
    /// Opens a recording; null when the bytes are none, were altered, or are another installation's. The stream is
    /// disposed with the result, or at once when there is none.
    /// </summary>
    public static RecordingFile? TryOpen(Stream file, RecordingKeys keys)
    {
        var head = new byte[RecordingHeader.LengthMax];
        file.Position = 0;
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var header = RecordingHeader.TryRead(head.AsSpan(0, count), out var length);
        var cipher = header is null ? null : keys.TryOpen(header, head.AsSpan(0, length));
        if (cipher is not null) return new RecordingFile(file, header!, length, cipher);
        file.Dispose();
        return null;
    }

    /// <summary>
    /// Opens a second of sound; false when it was altered. A second that could not be written is silence.
    /// </summary>
    /// <param name="second">From 0.</param>
    /// <param name="sound">At least <see cref="RecordingFormat.ContentLengthMax"/> bytes to work in.</param>
    /// <param name="stretch">Where the sound lies in it.</param>
    public bool TryReadSound(int second, byte[] sound, out SoundStretch stretch)
    {
        stretch = default;
        var index = _sounds[second];
        var chunk = _chunks[index];
        var content = sound.AsSpan(0, chunk.ContentLength);
        if (!TryOpenChunk(index, content) || chunk.ContentLength < RecordingFormat.SoundHeadLength) return false;
        var ms = BinaryPrimitives.ReadUInt16LittleEndian(content[4..]);
        var samples = content[RecordingFormat.SoundHeadLength..];
        var isSilent = samples.IsEmpty;
        var isWhole = isSilent || samples.Length == ms * RecordingFormat.SamplesPerMs * Header.Channels;
        if (BinaryPrimitives.ReadUInt32LittleEndian(content) != second || ms > 1000 || !isWhole) return false;
        stretch = new SoundStretch(ms, isSilent);
        return true;
    }

    /// <summary>Milliseconds of sound in all whole chunks; -1 when the last was altered.</summary>
    public long DurationMs()
    {
        if (_sounds.Count == 0) return 0;
        var last = new byte[RecordingFormat.ContentLengthMax];
        return TryReadSound(_sounds.Count - 1, last, out var stretch) ? ((_sounds.Count - 1) * 1000L) + stretch.Ms : -1;
    }

    /// <summary>What the whole file came to and what every chunk is: true when nothing of it was altered.</summary>
    public bool Verify()
    {
        if (Summary is not { } summary) return false;
        for (var i = 0; i < _chunks.Count; i++)
        {
            if (!TryOpenChunk(i, new byte[_chunks[i].ContentLength])) return false;
        }
        return HashOf(_chunks[^1].Offset).AsSpan().SequenceEqual(summary.Hash);
    }

    /// <summary>SHA-256 of the file's first bytes.</summary>
    public byte[] HashOf(long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[65536];
        _file.Position = 0;
        while (length > 0)
        {
            var count = _file.Read(part, 0, (int)Math.Min(part.Length, length));
            if (count == 0) break;
            hash.AppendData(part, 0, count);
            length -= count;
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Seals a chunk as the next one of this file; its bytes.</summary>
    public byte[] SealNext(RecordingChunkKind kind, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + RecordingFormat.ChunkOverhead];
        _cipher.Seal(kind, ChunkCount, content, chunk);
        return chunk;
    }

    /// <summary>The content of each whole chunk of a kind, in order; one that was altered ends it.</summary>
    public IEnumerable<byte[]> Contents(RecordingChunkKind kind)
    {
        for (var i = 0; i < _chunks.Count; i++)
        {
            if (_chunks[i].Kind != kind) continue;
            var content = new byte[_chunks[i].ContentLength];
            if (!TryOpenChunk(i, content)) yield break;
            yield return content;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _cipher.Dispose();
    }

    private void ReadIndex()
    {
        Span<byte> head = stackalloc byte[RecordingFormat.ChunkHeadLength];
        var length = _file.Length;
        while (EndOffset + RecordingFormat.ChunkOverhead <= length && Summary is null)
        {
            _file.Position = EndOffset;
            if (_file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return;
            var contentLength = BinaryPrimitives.ReadInt32LittleEndian(head);
            var isWhole = contentLength is >= 0 and <= RecordingFormat.ContentLengthMax
                && EndOffset + RecordingFormat.ChunkOverhead + contentLength <= length;
            if (!isWhole) return;
            Add(new Chunk(EndOffset, contentLength, (RecordingChunkKind)head[4]));
            EndOffset += RecordingFormat.ChunkOverhead + contentLength;
        }
    }

    private void Add(Chunk chunk)
    {
        _chunks.Add(chunk);
        if (chunk.Kind == RecordingChunkKind.Sound) _sounds.Add(_chunks.Count - 1);
        if (chunk.Kind != RecordingChunkKind.End) return;
        var content = new byte[chunk.ContentLength];
        if (TryOpenChunk(_chunks.Count - 1, content)) Summary = RecordingSummary.TryRead(content);
    }

    private bool TryOpenChunk(int index, Span<byte> content)
    {
        var chunk = _chunks[index];
        var bytes = _bytes.AsSpan(0, chunk.ContentLength + RecordingFormat.ChunkOverhead);
        _file.Position = chunk.Offset;
        var count = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length && _cipher.TryOpen(bytes, (uint)index, content);
    }

    private readonly record struct Chunk(long Offset, int ContentLength, RecordingChunkKind Kind);
}
