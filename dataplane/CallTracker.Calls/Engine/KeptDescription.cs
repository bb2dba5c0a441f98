using CallTracker.Core.Memory;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The SDP a leg's peer has from us, kept only where a session refresh must repeat it (a peer without UPDATE). Part of
/// its leg.
/// </summary>
internal struct KeptDescription
{
    private StoredBody _now;
    private StoredBody _before;

    /// <summary>True when what is written to the leg is to be kept.</summary>
    public bool IsWanted;

    /// <summary>
    /// True when it differs from what the peer was told and is to be offered: the call was answered by another fork or
    /// destination than the one whose early answer counts (RFC 6337 section 3.1.1).
    /// </summary>
    public bool IsDue;

    /// <summary>True while our request with it is unanswered.</summary>
    public bool IsOffered;

    /// <summary>Empty when nothing was kept.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _now.Bytes;

    /// <summary>Keeps what is about to be sent; the one before stays until the exchange is over.</summary>
    public void Keep(BufferPool buffers, ReadOnlySpan<byte> sdp)
    {
        if (!IsWanted) return;
        var next = default(StoredBody);
        // Without room the session is refreshed no more and ends at its expiry; the call was warned by the bound.
        if (!next.TryKeep(buffers, sdp)) return;
        _before.Release(buffers);
        (_before, _now) = (_now, next);
    }

    /// <summary>Keeps what is to be offered to the peer of our own accord.</summary>
    public void Offer(BufferPool buffers, ReadOnlySpan<byte> sdp)
    {
        IsWanted = true;
        Keep(buffers, sdp);
        IsDue = true;
    }

    /// <summary>The offer was accepted: the one before is history.</summary>
    public void Settle(BufferPool buffers) => _before.Release(buffers);

    /// <summary>The offer was refused: what was before is in force (RFC 3261 section 14.1).</summary>
    public void Revert(BufferPool buffers)
    {
        if (_before.Bytes.IsEmpty) return;
        _now.Release(buffers);
        (_now, _before) = (_before, default);
    }

    public void Release(BufferPool buffers)
    {
        _now.Release(buffers);
        _before.Release(buffers);
        (IsWanted, IsDue, IsOffered) = (false, false, false);
    }
}
