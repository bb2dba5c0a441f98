namespace CallTracker.Sip.Digest;

/// <summary>Everything that goes into one digest. Views of others' buffers; dies with them. Never printed.</summary>
public readonly ref struct DigestInputs
{
    public DigestAlgorithm Algorithm { get; init; }
    public DigestQop Qop { get; init; }
    public ReadOnlySpan<byte> Username { get; init; }
    public ReadOnlySpan<byte> Realm { get; init; }
    public ReadOnlySpan<byte> Secret { get; init; }
    public ReadOnlySpan<byte> Nonce { get; init; }
    /// <summary>Eight digits; not used without <see cref="Qop"/>.</summary>
    public ReadOnlySpan<byte> NonceCount { get; init; }
    public ReadOnlySpan<byte> Cnonce { get; init; }
    public ReadOnlySpan<byte> Method { get; init; }
    public ReadOnlySpan<byte> Uri { get; init; }
    /// <summary>Covered by <see cref="DigestQop.AuthInt"/> only.</summary>
    public ReadOnlySpan<byte> Body { get; init; }
}
