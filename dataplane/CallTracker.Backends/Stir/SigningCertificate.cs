using System.Security.Cryptography;

namespace CallTracker.Backends.Stir;

/// <summary>
/// A certificate that may sign PASSporTs: its chain led to an anchor when it was read. Immutable but for the key, which
/// is used by one thread at a time.
/// </summary>
internal sealed class SigningCertificate(ECDsa key, NumberAuthority authority, long notBeforeMs, long notAfterMs)
{
    private readonly Lock _lock = new();

    /// <summary>The numbers it may sign for.</summary>
    public NumberAuthority Authority => authority;

    public bool IsValidAt(long unixMs) => unixMs >= notBeforeMs && unixMs <= notAfterMs;

    public bool Verifies(Passport passport)
    {
        lock (_lock)
        {
            return key.VerifyData(passport.SigningInput, passport.Signature, HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
