using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// What a relay's <see cref="DatagramRing"/> has to tell, taken to where a socket's own input would go: the datagrams
/// of the RTP ports, and sends that failed. Owned by one relay.
/// </summary>
internal sealed class RingIntake(
    DatagramRing ring, MediaSessionTable table, MediaSockets sockets, RtpPath rtp, RtpPortPool ports,
    MediaCounters counters)
{
    // So far ahead a side is fetched into the cache: the one after next is there when its turn comes.
    private const int Ahead = 1;
    private readonly FloodGate _floods = new(ring);
    private bool _isTurnOver = true;

    /// <summary>Milliseconds until <see cref="Take"/> must be called, whatever comes; -1: never.</summary>
    public int NextDelayMs(long nowMs) => _floods.NextDelayMs(nowMs);

    /// <summary>Takes up to so many; false when the turn is over and what it queued was sent.</summary>
    public bool Take<TEvents>(int countMax, long nowMs, ref TEvents events, out int taken)
        where TEvents : struct, IMediaEvents
    {
        taken = 0;
        if (_isTurnOver) _floods.BeginTurn(nowMs);
        _isTurnOver = false;
        do
        {
            while (ring.TryTake(out var datagram))
            {
                Foresee(ring.NumberAhead(Ahead));
                Handle(datagram, nowMs, ref events);
                if (++taken == countMax) return true;
            }
        }
        while (!ring.TryEndBatch());
        _isTurnOver = true;
        return false;
    }

    // Sides of thousands of calls are in no cache when their packets come, and a packet would wait for a handful of
    // lines of memory one after another.
    private void Foresee(int number)
    {
        if (number >= 0 && table.SideOfPair[number] is var side and >= 0) table.Foresee(side);
    }

    private void Handle<TEvents>(in RingDatagram datagram, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        var side = table.SideOfPair[datagram.Number];
        if (datagram.IsFailedSend) OnFailed(side, datagram);
        else if (side < 0) OnStray(datagram, nowMs);
        else if (datagram.Length >= 0) rtp.Take(side, datagram, nowMs, ref events);
        else if (datagram.Length == UdpSocket.Refused) sockets.OnRtpRefused(ref table.Sides[side]);
    }

    private void OnStray(in RingDatagram datagram, long nowMs)
    {
        _floods.See(datagram.Number, nowMs);
        if (datagram.Length < 0) return;
        ports.CountStray();
        counters.AddDropped(MediaDropReason.Stray);
    }

    // The sender's side counted it as relayed when it was queued. The totals of the process, which may not fall, keep
    // it beside the drop.
    private void OnFailed(int toNumber, in RingDatagram datagram)
    {
        if (toNumber < 0) return;
        if (datagram.Length == UdpSocket.Refused) sockets.OnRtpRefused(ref table.Sides[toNumber]);
        if (datagram.Resent >= 0) return;
        ref var from = ref table.Sides[toNumber ^ 1];
        // Where the port is another call's by now, its count must not fall below nothing.
        if (from.Relayed > 0) from.Relayed--;
        from.RelayedBytes -= Math.Min(from.RelayedBytes, (ulong)datagram.SentLength);
        from.Dropped++;
        counters.AddDropped(MediaSockets.ReasonOf(datagram.Resent));
    }
}
