using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CallTracker.Contracts.Calls;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Makes, wraps and unwraps the keys of recordings: each recording has one of its own (AES-256), wrapped by its
/// operator's (AES-256-GCM), which is derived from the installation's key file (HKDF, RFC 5869). The file's header is
/// authenticated with it, so that no recording can be shown as another operator's or call's. Both planes own one. Any
/// thread.
/// </summary>
public sealed class RecordingKeys
{
    private const int KeyLength = 32;
    private readonly byte[] _master;
    private readonly ConcurrentDictionary<string, byte[]> _operators = new(StringComparer.Ordinal);

    /// <summary>Takes the key of <see cref="CallerCipher"/>.</summary>
    public RecordingKeys(byte[] master)
    {
        if (master.Length != CallerCipher.KeyLength)
            throw new ArgumentException("The key has 32 bytes.", nameof(master));
        _master = [.. master];
    }

    /// <summary>Reads the key file, or makes it (mode 0600) when it is missing.</summary>
    public static RecordingKeys OpenOrCreate(string path) => new(CallerCipher.ReadOrCreateKey(path));

    /// <summary>A key for a new recording, and the whole header of its file: fields and wrapped key.</summary>
    public RecordingCipher Make(RecordingHeader header, out byte[] headerBytes)
    {
        var fields = header.ToBytes();
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        headerBytes = new byte[fields.Length + RecordingHeader.WrappedKeyLength];
        fields.CopyTo(headerBytes, 0);
        var box = headerBytes.AsSpan(fields.Length);
        RandomNumberGenerator.Fill(box[..RecordingFormat.NonceLength]);
        using (var aes = new AesGcm(OperatorKey(header.OperatorId), RecordingFormat.TagLength))
        {
            aes.Encrypt(
                box[..RecordingFormat.NonceLength], key, box.Slice(RecordingFormat.NonceLength, KeyLength),
                box[^RecordingFormat.TagLength..], fields);
        }
        return Cipher(key, headerBytes);
    }

    /// <summary>
    /// The cipher of a recording; null when its header was altered, or wrapped with another key than ours.
    /// </summary>
    /// <param name="header">As it was read.</param>
    /// <param name="headerBytes">The bytes it was read from, wrapped key included.</param>
    public RecordingCipher? TryOpen(RecordingHeader header, ReadOnlySpan<byte> headerBytes)
    {
        var fields = headerBytes[..^RecordingHeader.WrappedKeyLength];
        var box = headerBytes[^RecordingHeader.WrappedKeyLength..];
        var key = new byte[KeyLength];
        try
        {
            using var aes = new AesGcm(OperatorKey(header.OperatorId), RecordingFormat.TagLength);
            aes.Decrypt(
                box[..RecordingFormat.NonceLength], box.Slice(RecordingFormat.NonceLength, KeyLength),
                box[^RecordingFormat.TagLength..], key, fields);
            return Cipher(key, headerBytes);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static RecordingCipher Cipher(byte[] key, ReadOnlySpan<byte> headerBytes)
    {
        var cipher = new RecordingCipher(key, SHA256.HashData(headerBytes));
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private byte[] OperatorKey(string operatorId) => _operators.GetOrAdd(operatorId, id => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _master, KeyLength, info: Encoding.UTF8.GetBytes("ct-recording/" + id)));
}
