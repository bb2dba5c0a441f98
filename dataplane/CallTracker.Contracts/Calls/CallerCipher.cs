using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CallTracker.Contracts.Calls;

/// <summary>
/// Seals callers' numbers (AES-256-GCM, random nonce) and derives the keyed hash by which duplicates are judged
/// (HMAC-SHA-256, first 8 bytes), both from one 32-byte operator key file. Both planes own one each; calls are
/// serialised by the owner.
/// </summary>
public sealed class CallerCipher : IDisposable
{
    /// <summary>Length of the key in the key file, in bytes.</summary>
    public const int KeyLength = 32;
    /// <summary>The longest number sealed, in bytes.</summary>
    public const int NumberLengthMax = 40;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    // The generator takes a lock and a reseed check each time; a few dozen nonces at once cost hardly more than one.
    private const int NoncesAtOnce = 64;
    private readonly byte[] _nonces = new byte[NonceLength * NoncesAtOnce];
    private int _noncesUsed = NoncesAtOnce;
    private readonly AesGcm _aes;
    // Kept ready: making one for each number means looking its algorithm up by name, which costs more than the hash.
    private readonly HMACSHA256 _hash;

    /// <summary>Takes the key; the sealing and hashing keys are derived from it (HKDF, RFC 5869).</summary>
    public CallerCipher(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength) throw new ArgumentException("The caller key has 32 bytes.", nameof(key));
        var master = key.ToArray();
        _aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeyLength, info: "ct-seal"u8.ToArray()),
            TagLength);
        _hash = new HMACSHA256(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeyLength, info: "ct-hash"u8.ToArray()));
        CryptographicOperations.ZeroMemory(master);
    }

    /// <summary>Reads the key file, or makes it (mode 0600) when it is missing.</summary>
    public static CallerCipher OpenOrCreate(string path) => new(ReadOrCreateKey(path));

    /// <summary>The bytes of the key file, which is made (mode 0600) when it is missing.</summary>
    public static byte[] ReadOrCreateKey(string path)
    {
        if (!File.Exists(path)) CreateKeyFile(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Seals <paramref name="number"/> into base64; empty stays empty.</summary>
    public string Seal(string number)
    {
        if (number.Length == 0) return "";
        var plain = Encoding.ASCII.GetBytes(number.Length > NumberLengthMax ? number[..NumberLengthMax] : number);
        Span<byte> box = stackalloc byte[NonceLength + NumberLengthMax + TagLength];
        box = box[..(NonceLength + plain.Length + TagLength)];
        TakeNonce(box[..NonceLength]);
        _aes.Encrypt(box[..NonceLength], plain, box.Slice(NonceLength, plain.Length), box[^TagLength..]);
        return Convert.ToBase64String(box);
    }

    /// <summary>Opens a sealed number; null when the text is not ours or was altered.</summary>
    public string? Open(string sealedNumber)
    {
        if (sealedNumber.Length == 0) return "";
        Span<byte> box = stackalloc byte[NonceLength + NumberLengthMax + TagLength + 2];
        if (!Convert.TryFromBase64String(sealedNumber, box, out var length)) return null;
        if (length <= NonceLength + TagLength) return null;
        box = box[..length];
        Span<byte> plain = stackalloc byte[length - NonceLength - TagLength];
        try
        {
            _aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return Encoding.ASCII.GetString(plain);
    }

    /// <summary>The keyed hash of a normalised number; 0 for the empty (withheld) number and for no other.</summary>
    public ulong Key(string number)
    {
        if (number.Length == 0) return 0;
        Span<byte> hash = stackalloc byte[32];
        _hash.TryComputeHash(Encoding.ASCII.GetBytes(number), hash, out _);
        var key = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        return key == 0 ? 1 : key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aes.Dispose();
        _hash.Dispose();
    }

    private void TakeNonce(Span<byte> nonce)
    {
        if (_noncesUsed == NoncesAtOnce)
        {
            RandomNumberGenerator.Fill(_nonces);
            _noncesUsed = 0;
        }
        _nonces.AsSpan(_noncesUsed++ * NonceLength, NonceLength).CopyTo(nonce);
    }

    // The file is written beside and linked into place, so that two starting processes agree on one key.
    private static void CreateKeyFile(string path)
    {
        var temporary = path + "." + Environment.ProcessId;
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(temporary, options)) file.Write(RandomNumberGenerator.GetBytes(KeyLength));
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
