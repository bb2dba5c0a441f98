namespace CallTracker.Media.Srtp;

/// <summary>What became of a packet that was to be opened or sealed.</summary>
public enum SrtpResult : byte
{
    Ok,
    /// <summary>Too short to hold what the suite adds, or too long to add it.</summary>
    BadLength,
    /// <summary>Its index was used before, or is too old to tell.</summary>
    Replayed,
    /// <summary>The tag is wrong: another key, or forged.</summary>
    Forged,
    /// <summary>One source more than are kept under one key.</summary>
    TooManySources,
    /// <summary>The key has served as long as it may (RFC 3711 section 9.2).</summary>
    KeyExhausted,
    /// <summary>The handshake that brings the keys is not done.</summary>
    NoKey,
}
