using CallTracker.Contracts.Calls;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// Opens and hashes callers' numbers with the installation's key, which is read on first use. Calls are serialised:
/// the cipher is not made for several threads.
/// </summary>
internal sealed class CallerNumbers(string keyFile) : IDisposable
{
    private readonly Lock _gate = new();
    private CallerCipher? _cipher;

    /// <summary>The number in clear; the sealed text itself when it was sealed with another key.</summary>
    public string Open(string sealedNumber)
    {
        if (sealedNumber.Length == 0) return "";
        lock (_gate) return Cipher.Open(sealedNumber) ?? sealedNumber;
    }

    public string Seal(string number)
    {
        lock (_gate) return Cipher.Seal(number);
    }

    /// <summary>The hash by which calls of one caller are found.</summary>
    public ulong Key(string number)
    {
        lock (_gate) return Cipher.Key(number);
    }

    public void Dispose() => _cipher?.Dispose();

    private CallerCipher Cipher => _cipher ??= CallerCipher.OpenOrCreate(keyFile);
}
