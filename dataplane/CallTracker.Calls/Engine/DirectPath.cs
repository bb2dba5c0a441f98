namespace CallTracker.Calls.Engine;

/// <summary>
/// What a call knows of media that goes past this node, from peer to peer; default where that was never thought of.
/// Part of its call.
/// </summary>
internal struct DirectPath
{
    /// <summary>Tells of media that moved which one call may send by itself; see <see cref="MovesTold"/>.</summary>
    public const byte MovesToldMax = 32;

    /// <summary>The caller's side allows it; each destination decides with its own.</summary>
    public bool IsPossible;

    /// <summary>The present attempt, and once it is answered the call, is direct.</summary>
    public bool IsTaken;

    /// <summary>The IP version of both sides' media: there is nobody to join two.</summary>
    public bool IsIpv4;

    /// <summary>
    /// Version in the o= line of the first description that the caller was told in an 18x without 100rel by a direct
    /// destination: its media goes there whatever a later one says (RFC 3261 section 13.2.1). 0: none.
    /// </summary>
    public ulong ToldVersion;

    /// <summary>
    /// Times a peer's answer to an offer of ours moved its media, and the other side was told: two that move at each
    /// answer would have us tell for ever.
    /// </summary>
    public byte MovesTold;
}
