namespace CallTracker.Sip.Digest;

/// <summary>
/// What a chain of requests has answered so far. Kept with each transaction, so that a wrong password ends the chain
/// instead of going round for ever: once for each kind of challenge, and once more for a stale nonce.
/// </summary>
[Flags]
public enum DigestTries : byte
{
    None = 0,

    /// <summary>A 401 was answered.</summary>
    Server = 1,

    /// <summary>A 407 was answered.</summary>
    Proxy = 2,

    /// <summary>A nonce that was stale was replaced.</summary>
    Stale = 4,
}
