using CallTracker.Core.Crypto;

namespace CallTracker.Media.Srtp;

/// <summary>
/// Derives session keys from a master key: AES in counter mode as the pseudo-random function (RFC 3711 section 4.3.3,
/// with 256 bits RFC 6188 section 3). The key derivation rate is 0: each key is derived once. Owned by one relay.
/// </summary>
internal sealed class SrtpKeyDerivation : IDisposable
{
    private const int LabelOffset = 7;
    private readonly AesCounter _function = new();

    /// <summary>Begins with a master key.</summary>
    public void Begin(in SrtpMaster master) => _function.SetKey(master.Key);

    /// <summary>
    /// Fills the session key of a label. The block is salt * 2^16, the label added (exclusive or) to its eighth byte; a
    /// salt of 96 bits has two zero bytes behind it (RFC 7714 section 11).
    /// </summary>
    public void Derive(in SrtpMaster master, SrtpKeyLabel label, Span<byte> key)
    {
        Span<byte> block = stackalloc byte[AesCounter.BlockLength];
        block.Clear();
        master.Salt.CopyTo(block);
        block[LabelOffset] ^= (byte)label;
        key.Clear();
        _function.Apply(block, key);
    }

    /// <summary>Overwrites the master key.</summary>
    public void End() => _function.Forget();

    public void Dispose() => _function.Dispose();
}
