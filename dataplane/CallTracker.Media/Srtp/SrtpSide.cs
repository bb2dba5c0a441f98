namespace CallTracker.Media.Srtp;

/// <summary>
/// SRTP on one side of a session: how its peer's packets are opened and ours to it are sealed. Lent by
/// <see cref="SrtpPool"/> while the side has keys; its worker alone touches it.
/// </summary>
internal sealed class SrtpSide
{
    private SrtpMaster _local;
    private SrtpMaster _remote;
    private SrtpMaster _formerRemote;
    private bool _hasFormer;

    public SrtpSender Sender { get; } = new();

    public SrtpReceiver Receiver { get; private set; } = new();

    /// <summary>
    /// Packets under the key before are on their way when a new one is agreed: they pass until the first under the new
    /// one comes.
    /// </summary>
    public SrtpReceiver Former { get; private set; } = new();

    /// <summary>Takes keys into use. What is unchanged goes on with its indexes; what is new begins anew.</summary>
    public void SetKeys(SrtpPool pool, in SrtpMaster local, in SrtpMaster remote)
    {
        if (_local != local)
        {
            pool.Return(Sender.End());
            Sender.Begin(pool.Rent(local, seals: true));
            _local = local;
        }
        if (_remote == remote) return;
        // A key that comes back (from fork to fork) knows what it has opened.
        var isBack = !_formerRemote.IsNone && _formerRemote == remote;
        if (!isBack) pool.Return(Former.End());
        (Former, Receiver) = (Receiver, Former);
        (_formerRemote, _remote) = (_remote, remote);
        _hasFormer = !_formerRemote.IsNone;
        if (!isBack) Receiver.Begin(pool.Rent(remote, seals: false));
    }

    /// <summary>Gives up all keys.</summary>
    public void Clear(SrtpPool pool)
    {
        pool.Return(Sender.End());
        pool.Return(Receiver.End());
        pool.Return(Former.End());
        (_local, _remote, _formerRemote, _hasFormer) = (default, default, default, false);
    }

    public SrtpResult OpenRtp(Span<byte> packet, int headerLength, ushort sequence, uint ssrc, out int length)
    {
        var result = Receiver.OpenRtp(packet, headerLength, sequence, ssrc, out length);
        if (!_hasFormer || !MayBeFormer(result)) return result;
        return Former.OpenRtp(packet, headerLength, sequence, ssrc, out length);
    }

    public SrtpResult OpenRtcp(Span<byte> datagram, out int length)
    {
        var result = Receiver.OpenRtcp(datagram, out length);
        if (!_hasFormer || !MayBeFormer(result)) return result;
        return Former.OpenRtcp(datagram, out length);
    }

    private bool MayBeFormer(SrtpResult result)
    {
        // The key before has served: nothing is opened with it any more. Its cipher waits for the next keys or the end.
        if (Receiver.HasHeard) _hasFormer = false;
        return _hasFormer && result is SrtpResult.Forged or SrtpResult.BadLength;
    }
}
