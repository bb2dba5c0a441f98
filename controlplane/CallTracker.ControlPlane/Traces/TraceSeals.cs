using CallTracker.Contracts.Tracing;

namespace CallTracker.ControlPlane.Traces;

/// <summary>
/// Opens kept messages with the installation's key, which is read on first use. Calls are serialised: the cipher is not
/// made for several threads.
/// </summary>
internal sealed class TraceSeals(string keyFile) : IDisposable
{
    private readonly Lock _gate = new();
    private TraceCipher? _cipher;

    /// <summary>The message; null when it was sealed otherwise.</summary>
    public byte[]? Open(string trnId, ReadOnlySpan<byte> box)
    {
        lock (_gate) return Cipher.Open(trnId, box);
    }

    public byte[] Seal(string trnId, ReadOnlySpan<byte> message)
    {
        lock (_gate) return Cipher.Seal(trnId, message);
    }

    public void Dispose() => _cipher?.Dispose();

    private TraceCipher Cipher => _cipher ??= TraceCipher.OpenOrCreate(keyFile);
}
