namespace CallTracker.Core.Crypto;

/// <summary>
/// AES in Galois/counter mode with one key, 128 or 256 bits, 96-bit nonce, 128-bit tag (NIST SP 800-38D), in one
/// direction. Owns one native context; allocates nothing per use. One thread.
/// </summary>
public sealed unsafe class AesGalois : IDisposable
{
    public const int NonceLength = 12;
    public const int TagLength = 16;
    private nint _context = LibCrypto.CipherNew();

    public AesGalois() => CryptoFailure.ThrowUnless(_context != 0);

    ~AesGalois() => Free();

    /// <summary>Takes a key of 16 or 32 bytes into use, to seal or to open.</summary>
    public void SetKey(ReadOnlySpan<byte> key, bool seals)
    {
        var type = key.Length == 32 ? LibCrypto.Aes256Gcm() : LibCrypto.Aes128Gcm();
        CryptoFailure.ThrowUnless(key.Length is 16 or 32);
        fixed (byte* bytes = key)
        {
            var done = LibCrypto.CipherInit(_context, type, 0, bytes, null, seals ? 1 : 0);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
        }
    }

    /// <summary>Encrypts in place and writes the tag over both parts.</summary>
    public void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clearToo, Span<byte> data,
        Span<byte> tag)
    {
        CheckLengths(nonce, tag);
        int written;
        fixed (byte* bytes = tag)
        {
            var done = Run(nonce, clear, clearToo, data)
                & LibCrypto.CipherFinal(_context, bytes, &written)
                & LibCrypto.CipherControl(_context, LibCrypto.AeadGetTag, TagLength, bytes);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
        }
    }

    /// <summary>Decrypts in place; false when the tag is wrong, and the data is as it was.</summary>
    public bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clearToo, Span<byte> data,
        ReadOnlySpan<byte> tag)
    {
        CheckLengths(nonce, tag);
        int written;
        bool isTrue;
        fixed (byte* expected = tag)
        {
            byte unused;
            var done = Run(nonce, clear, clearToo, data)
                & LibCrypto.CipherControl(_context, LibCrypto.AeadSetTag, TagLength, expected);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
            isTrue = LibCrypto.CipherFinal(_context, &unused, &written) == LibCrypto.Ok;
        }
        // The same key stream once more gives back what came: another key may be the right one.
        if (!isTrue) CryptoFailure.ThrowUnless(Run(nonce, clear, clearToo, data) == LibCrypto.Ok);
        return isTrue;
    }

    /// <summary>Overwrites the key.</summary>
    public void Forget() => _ = LibCrypto.CipherReset(_context);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private int Run(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> clearToo, Span<byte> data)
    {
        int written;
        fixed (byte* iv = nonce, first = clear, second = clearToo, bytes = data)
        {
            var done = LibCrypto.CipherInit(_context, 0, 0, null, iv, LibCrypto.KeepDirection)
                & LibCrypto.CipherUpdate(_context, null, &written, first, clear.Length);
            if (clearToo.Length > 0)
                done &= LibCrypto.CipherUpdate(_context, null, &written, second, clearToo.Length);
            if (data.Length > 0) done &= LibCrypto.CipherUpdate(_context, bytes, &written, bytes, data.Length);
            return done;
        }
    }

    private static void CheckLengths(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> tag)
    {
        CryptoFailure.ThrowUnless(nonce.Length == NonceLength);
        CryptoFailure.ThrowUnless(tag.Length == TagLength);
    }

    private void Free()
    {
        LibCrypto.CipherFree(_context);
        _context = 0;
    }
}
