using System.Security.Cryptography;
using System.Text;
using CallTracker.Contracts.Calls;

namespace CallTracker.Contracts.Tracing;

/// <summary>
/// Seals traced messages, which hold callers' numbers, with the installation's key (AES-256-GCM, random nonce, a key of
/// its own by HKDF). The trn_id is authenticated with each, so that no message can be shown as one of another call.
/// Not made for several threads at once.
/// </summary>
public sealed class TraceCipher : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly AesGcm _aes;

    /// <summary>Takes the key of <see cref="CallerCipher"/>.</summary>
    public TraceCipher(byte[] key)
    {
        if (key.Length != CallerCipher.KeyLength) throw new ArgumentException("The key has 32 bytes.", nameof(key));
        var derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, key, CallerCipher.KeyLength, info: "ct-trace"u8.ToArray());
        _aes = new AesGcm(derived, TagLength);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>Reads the key file, or makes it (mode 0600) when it is missing.</summary>
    public static TraceCipher OpenOrCreate(string path) => new(CallerCipher.ReadOrCreateKey(path));

    /// <summary>Nonce, sealed bytes, tag.</summary>
    public byte[] Seal(string trnId, ReadOnlySpan<byte> message)
    {
        var box = new byte[NonceLength + message.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        _aes.Encrypt(
            box.AsSpan(0, NonceLength), message, box.AsSpan(NonceLength, message.Length), box.AsSpan(^TagLength..),
            Encoding.ASCII.GetBytes(trnId));
        return box;
    }

    /// <summary>The message; null when it was sealed with another key, for another call, or altered.</summary>
    public byte[]? Open(string trnId, ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceLength + TagLength) return null;
        var message = new byte[box.Length - NonceLength - TagLength];
        try
        {
            _aes.Decrypt(
                box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], message,
                Encoding.ASCII.GetBytes(trnId));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return message;
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();
}
