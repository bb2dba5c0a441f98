namespace CallTracker.Media.Srtp;

/// <summary>
/// Which packet indexes of a source were seen (RFC 3711 section 3.3.2): the highest and the 127 before it. What is
/// older counts as seen. Lives in a <see cref="SrtpSource"/>.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>How many indexes are told apart; the RFC wants 64 at least.</summary>
    public const int Length = 128;
    private UInt128 _seen;

    /// <summary>The highest index seen; meaningless before the first.</summary>
    public ulong Highest { get; private set; }

    public readonly bool IsEmpty => _seen == UInt128.Zero;

    /// <summary>True when the index may still come. Changes nothing.</summary>
    public readonly bool Admits(ulong index)
    {
        if (IsEmpty || index > Highest) return true;
        var behind = Highest - index;
        return behind < Length && (_seen & (UInt128.One << (int)behind)) == UInt128.Zero;
    }

    /// <summary>Notes an index that <see cref="Admits"/> let pass and whose packet was authentic.</summary>
    public void Mark(ulong index)
    {
        if (IsEmpty || index > Highest)
        {
            var ahead = index - Highest;
            _seen = IsEmpty || ahead >= Length ? UInt128.One : (_seen << (int)ahead) | UInt128.One;
            Highest = index;
            return;
        }
        _seen |= UInt128.One << (int)(Highest - index);
    }
}
