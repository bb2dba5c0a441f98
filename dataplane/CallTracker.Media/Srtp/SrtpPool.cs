namespace CallTracker.Media.Srtp;

/// <summary>
/// Lends what secure sides need: as much is made as was ever in use at a time, which the sides of the relay bound, and
/// all of it is used again. Owns every native context it made, and frees them with itself. Owned by one relay.
/// </summary>
internal sealed class SrtpPool : IDisposable
{
    private readonly Stack<SrtpSide> _sides = [];
    private readonly Stack<SrtpCipher> _counter = [];
    private readonly Stack<SrtpCipher> _galois = [];
    private readonly List<SrtpCipher> _all = [];
    private SrtpKeyDerivation? _derivation;

    /// <summary>Ciphers made since start, two or three for each secure side in use at a time.</summary>
    public int CiphersMade => _all.Count;

    /// <summary>Ciphers that are lent.</summary>
    public int CiphersLent => _all.Count - _counter.Count - _galois.Count;

    /// <summary>A side without keys.</summary>
    public SrtpSide RentSide() => _sides.TryPop(out var side) ? side : new SrtpSide();

    /// <summary>Takes a side back with its ciphers, all keys overwritten.</summary>
    public void Return(SrtpSide side)
    {
        side.Clear(this);
        _sides.Push(side);
    }

    /// <summary>A cipher with the session keys of a master key.</summary>
    public SrtpCipher Rent(in SrtpMaster master, bool seals)
    {
        var isAead = SrtpSuites.IsAead(master.Suite);
        if (!(isAead ? _galois : _counter).TryPop(out var cipher))
        {
            cipher = isAead ? new SrtpGaloisCipher() : new SrtpCounterCipher();
            _all.Add(cipher);
        }
        _derivation ??= new SrtpKeyDerivation();
        cipher.SetKeys(_derivation, master, seals);
        return cipher;
    }

    /// <summary>Takes a cipher back, if there is one.</summary>
    public void Return(SrtpCipher? cipher)
    {
        if (cipher is null) return;
        cipher.Forget();
        (cipher is SrtpGaloisCipher ? _galois : _counter).Push(cipher);
    }

    public void Dispose()
    {
        foreach (var cipher in _all) cipher.Dispose();
        _all.Clear();
        _counter.Clear();
        _galois.Clear();
        _derivation?.Dispose();
        _derivation = null;
    }
}
