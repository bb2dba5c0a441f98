using System.Security.Cryptography;
using System.Text;
using CallTracker.Contracts.Calls;

namespace CallTracker.Contracts.Routes;

/// <summary>
/// Seals trunks' passwords for Redis (AES-256-GCM, random nonce, a key of its own derived from the operator key file).
/// A sealed text opens only for the trunk it was made for. Both planes own one each. Any thread.
/// </summary>
public sealed class TrunkSecretCipher : IDisposable
{
    /// <summary>The longest password, in bytes of UTF-8.</summary>
    public const int SecretLengthMax = 256;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly Lock _gate = new();
    private readonly AesGcm _aes;

    /// <summary>Takes the 32 bytes of the key file; the sealing key is derived from it (HKDF, RFC 5869).</summary>
    public TrunkSecretCipher(byte[] key) => _aes = new AesGcm(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, CallerCipher.KeyLength, info: "ct-trunk-secret"u8.ToArray()),
        TagLength);

    /// <summary>Reads the key file, or makes it (mode 0600) when it is missing.</summary>
    public static TrunkSecretCipher OpenOrCreate(string path) => new(CallerCipher.ReadOrCreateKey(path));

    /// <summary>
    /// Seals a password of at most <see cref="SecretLengthMax"/> bytes into base64; empty stays empty.
    /// </summary>
    public string Seal(string operatorId, string trunkId, string secret)
    {
        if (secret.Length == 0) return "";
        var plain = Encoding.UTF8.GetBytes(secret);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, SecretLengthMax, nameof(secret));
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        lock (_gate)
        {
            _aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length),
                box.AsSpan(NonceLength + plain.Length), Owner(operatorId, trunkId));
        }
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(box);
    }

    /// <summary>Opens a sealed password; null when it is not this trunk's, not of this key, or was altered.</summary>
    public byte[]? Open(string operatorId, string trunkId, string sealedSecret)
    {
        var box = new byte[NonceLength + SecretLengthMax + TagLength];
        if (!Convert.TryFromBase64String(sealedSecret, box, out var length)) return null;
        if (length <= NonceLength + TagLength) return null;
        var plain = new byte[length - NonceLength - TagLength];
        try
        {
            lock (_gate)
            {
                _aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, plain.Length),
                    box.AsSpan(length - TagLength, TagLength), plain, Owner(operatorId, trunkId));
            }
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    private static byte[] Owner(string operatorId, string trunkId) =>
        Encoding.UTF8.GetBytes(operatorId + "/" + trunkId);
}
