using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace CallTracker.Core.Crypto;

/// <summary>
/// Throws where OpenSSL cannot do what it always can (no memory, a build without the algorithm), or where our own code
/// hands in another length than is meant. Bytes of the network never lead here.
/// </summary>
internal static class CryptoFailure
{
    public static void ThrowUnless(bool done)
    {
        if (!done) Throw();
    }

    [DoesNotReturn]
    private static void Throw() =>
        throw new CryptographicException("OpenSSL refused a cipher that media needs, or a length is wrong.");
}
