namespace CallTracker.Backends.Stir;

/// <summary>
/// A PASSporT as it was read (RFC 8225): what it claims, and the bytes its signature covers. Immutable.
/// </summary>
internal sealed record Passport
{
    /// <summary>The ppt of its header: shaken, div or empty for a plain one.</summary>
    public required string Extension { get; init; }
    /// <summary>Where its certificate is.</summary>
    public required string CertificateUrl { get; init; }
    /// <summary>The orig number in canonical form.</summary>
    public required string Orig { get; init; }
    /// <summary>The dest numbers in canonical form.</summary>
    public required IReadOnlyList<string> Dest { get; init; }
    /// <summary>Unix seconds.</summary>
    public required long IssuedAt { get; init; }
    /// <summary>The number that diverted, in canonical form; empty in anything but a div.</summary>
    public string Div { get; init; } = "";
    /// <summary>A, B or C; empty in anything but a shaken one.</summary>
    public string Attest { get; init; } = "";
    public required byte[] SigningInput { get; init; }
    public required byte[] Signature { get; init; }
}
