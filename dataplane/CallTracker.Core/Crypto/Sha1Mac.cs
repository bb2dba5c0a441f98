namespace CallTracker.Core.Crypto;

/// <summary>
/// HMAC-SHA1 with one key (RFC 2104), which SRTP needs as it was defined. Owns one native context; allocates nothing
/// per use. One thread.
/// </summary>
public sealed unsafe class Sha1Mac : IDisposable
{
    public const int Length = 20;
    private nint _context;

    public Sha1Mac()
    {
        fixed (byte* name = "HMAC\0"u8)
        {
            var type = LibCrypto.MacFetch(0, name, null);
            CryptoFailure.ThrowUnless(type != 0);
            _context = LibCrypto.MacNew(type);
            LibCrypto.MacTypeFree(type);
        }
        CryptoFailure.ThrowUnless(_context != 0);
    }

    ~Sha1Mac() => Free();

    /// <summary>Takes a key into use.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        var parameters = stackalloc MacParameter[2];
        fixed (byte* bytes = key, name = "digest\0"u8, digest = "SHA1\0"u8)
        {
            parameters[0] = new MacParameter
            {
                Name = name,
                Type = MacParameter.Utf8String,
                Data = digest,
                DataSize = 4,
            };
            parameters[1] = default;
            var done = LibCrypto.MacInit(_context, bytes, (nuint)key.Length, parameters);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
        }
    }

    /// <summary>The code over two parts, one behind the other.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> code)
    {
        CryptoFailure.ThrowUnless(code.Length == Length);
        nuint written;
        fixed (byte* one = first, two = second, output = code)
        {
            var done = LibCrypto.MacInit(_context, null, 0, null)
                & LibCrypto.MacUpdate(_context, one, (nuint)first.Length)
                & LibCrypto.MacUpdate(_context, two, (nuint)second.Length)
                & LibCrypto.MacFinal(_context, output, &written, Length);
            CryptoFailure.ThrowUnless(done == LibCrypto.Ok);
        }
    }

    /// <summary>Overwrites the key.</summary>
    public void Forget() => SetKey("\0"u8);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        LibCrypto.MacFree(_context);
        _context = 0;
    }
}
