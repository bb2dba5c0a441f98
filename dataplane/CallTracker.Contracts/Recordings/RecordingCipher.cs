using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Seals and opens the chunks of one recording (AES-256-GCM, random nonce). The header's hash, the chunk's kind,
/// sequence number and length are authenticated with each: none can be moved, left out before another, or taken from
/// another recording unseen. Not made for several threads at once.
/// </summary>
public sealed class RecordingCipher : IDisposable
{
    private readonly AesGcm _aes;
    private readonly byte[] _context;

    /// <param name="key">32 bytes.</param>
    /// <param name="headerHash">SHA-256 of the file's header.</param>
    internal RecordingCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> headerHash)
    {
        _aes = new AesGcm(key, RecordingFormat.TagLength);
        _context = new byte[RecordingFormat.ChunkHeadLength + SHA256.HashSizeInBytes];
        headerHash.CopyTo(_context.AsSpan(RecordingFormat.ChunkHeadLength));
    }

    /// <summary>Writes a sealed chunk; its length.</summary>
    public int Seal(RecordingChunkKind kind, uint sequence, ReadOnlySpan<byte> content, Span<byte> chunk)
    {
        WriteHead(kind, sequence, content.Length, chunk);
        chunk[..RecordingFormat.ChunkHeadLength].CopyTo(_context);
        var nonce = chunk.Slice(RecordingFormat.ChunkHeadLength, RecordingFormat.NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var sealedAt = RecordingFormat.ChunkHeadLength + RecordingFormat.NonceLength;
        _aes.Encrypt(
            nonce, content, chunk.Slice(sealedAt, content.Length),
            chunk.Slice(sealedAt + content.Length, RecordingFormat.TagLength), _context);
        return RecordingFormat.ChunkOverhead + content.Length;
    }

    /// <summary>
    /// Opens a whole chunk; false when it was altered or stands in another place than it was made for.
    /// </summary>
    /// <param name="chunk">With its head.</param>
    /// <param name="sequence">The number that belongs to its place.</param>
    /// <param name="content">As long as what it holds.</param>
    public bool TryOpen(ReadOnlySpan<byte> chunk, uint sequence, Span<byte> content)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(chunk[5..]) != sequence) return false;
        chunk[..RecordingFormat.ChunkHeadLength].CopyTo(_context);
        var sealedAt = RecordingFormat.ChunkHeadLength + RecordingFormat.NonceLength;
        try
        {
            _aes.Decrypt(
                chunk.Slice(RecordingFormat.ChunkHeadLength, RecordingFormat.NonceLength),
                chunk.Slice(sealedAt, content.Length), chunk[^RecordingFormat.TagLength..], content, _context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    private static void WriteHead(RecordingChunkKind kind, uint sequence, int length, Span<byte> chunk)
    {
        BinaryPrimitives.WriteInt32LittleEndian(chunk, length);
        chunk[4] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[5..], sequence);
    }
}
