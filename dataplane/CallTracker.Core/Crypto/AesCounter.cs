namespace CallTracker.Core.Crypto;

/// <summary>
/// AES in counter mode with one key, 128 or 256 bits (NIST SP 800-38A): encrypting and decrypting are the same. Owns
/// one native context; allocates nothing per use. One thread.
/// </summary>
public sealed unsafe class AesCounter : IDisposable
{
    /// <summary>Bytes of the initial counter block.</summary>
    public const int BlockLength = 16;
    private nint _context = LibCrypto.CipherNew();

    public AesCounter() => CryptoFailure.ThrowUnless(_context != 0);

    ~AesCounter() => Free();

    /// <summary>Takes a key of 16 or 32 bytes into use.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        var type = key.Length == 32 ? LibCrypto.Aes256Ctr() : LibCrypto.Aes128Ctr();
        CryptoFailure.ThrowUnless(key.Length is 16 or 32);
        fixed (byte* bytes = key)
        {
            CryptoFailure.ThrowUnless(LibCrypto.CipherInit(_context, type, 0, bytes, null, 1) == LibCrypto.Ok);
        }
    }

    /// <summary>Combines the data with the key stream that begins at a counter block, in place.</summary>
    public void Apply(ReadOnlySpan<byte> counterBlock, Span<byte> data)
    {
        CryptoFailure.ThrowUnless(counterBlock.Length == BlockLength);
        int written;
        fixed (byte* block = counterBlock, bytes = data)
        {
            var done = LibCrypto.CipherInit(_context, 0, 0, null, block, LibCrypto.KeepDirection);
            if (data.Length > 0) done &= LibCrypto.CipherUpdate(_context, bytes, &written, bytes, data.Length);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
        }
    }

    /// <summary>Overwrites the key.</summary>
    public void Forget() => _ = LibCrypto.CipherReset(_context);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        LibCrypto.CipherFree(_context);
        _context = 0;
    }
}
