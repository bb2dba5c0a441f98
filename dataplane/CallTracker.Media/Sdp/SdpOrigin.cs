namespace CallTracker.Media.Sdp;

/// <summary>
/// Who we are in the o= lines that one leg sees: one session id for the life of the dialog, and a version that grows by
/// one whenever what we send differs from what we sent before (RFC 3264 section 8). Kept by the leg.
/// </summary>
public struct SdpOrigin
{
    private ulong _lastContent;

    /// <param name="sessionId">Unique among our sessions; any number but one that reveals something.</param>
    public SdpOrigin(ulong sessionId) => SessionId = sessionId;

    public ulong SessionId { get; }

    /// <summary>The version last written; 0 before the first.</summary>
    public ulong Version { get; private set; }

    internal void Advance(ulong content)
    {
        if (Version != 0 && content == _lastContent) return;
        _lastContent = content;
        Version++;
    }
}
