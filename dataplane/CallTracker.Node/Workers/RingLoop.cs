using CallTracker.Calls.Engine;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Media.Playback;

namespace CallTracker.Node.Workers;

/// <summary>
/// The first half of a worker's turn where its RTP ports receive by a <see cref="DatagramRing"/>: waits, handles what
/// came by the ring, then gives the events of all else to the worker. Used by the worker's thread alone.
/// </summary>
internal sealed class RingLoop(
    DatagramRing ring, CallEngine engine, Player player, IClock clock, TurnPacer pacer)
{
    private bool _isRestDue;
    private bool _hadOthers;

    /// <summary>The ring polls SIP and the mailbox in the epoll's place, which is then asked for RTCP alone; before the
    /// worker's thread begins.</summary>
    public void Poll(WorkerParts parts)
    {
        Poll(parts.Epoll, parts.Receiver.Descriptor, PollKind.Sip);
        if (parts.SecondReceiver is { } second) Poll(parts.Epoll, second.Descriptor, PollKind.SecondSip);
        Poll(parts.Epoll, parts.Mailbox.Descriptor, PollKind.WakeUp);
    }

    /// <summary>The worker's thread begins; a ring that cannot be had any more is a reason to fail.</summary>
    public void Start()
    {
        if (ring.Start() is var result and < 0) throw new IOException($"The io_uring is gone (errno {-result}).");
    }

    /// <summary>The worker's thread ends.</summary>
    public void Stop() => ring.Stop();

    /// <summary>One wait and all that came by the ring.</summary>
    /// <param name="waitUs">How long at most.</param>
    /// <param name="countMax">So many datagrams are handled between looks at what is to be played.</param>
    /// <param name="at">When the wait ended.</param>
    /// <returns>How many came by the ring.</returns>
    public int Take(long waitUs, int countMax, out ReceivedAt at)
    {
        ring.Wait(waitUs, pacer.GatheredMin, _isRestDue ? pacer.RestUs : 0);
        at = new ReceivedAt(clock.NowMs, clock.UnixMs);
        var total = 0;
        var isMore = true;
        while (isMore)
        {
            isMore = engine.TakeMedia(countMax, at, out var taken);
            total += taken;
            if (isMore && player.ActiveCount > 0) engine.PlayDue(clock.NowMs);
        }
        return total;
    }

    /// <summary>The events of SIP, the mailbox and RTCP.</summary>
    public int TakeReady(Span<EpollEvent> events)
    {
        var count = ring.TakeReady(events);
        _hadOthers = count > 0;
        return count;
    }

    /// <summary>A turn is over: the next wait lets input gather, or this one rests where the ring cannot.</summary>
    public void EndTurn(int events, long nowMs)
    {
        // What a turn left of SIP does not wait for audio to gather.
        if (ring.CanGather) _isRestDue = pacer.IsRestDue(events, nowMs, mayRest: !_hadOthers);
        else pacer.EndTurn(events, nowMs);
    }

    private void Poll(Epoll epoll, int descriptor, PollKind kind)
    {
        if (ring.TryPoll(descriptor, (ulong)kind << 56)) epoll.Remove(descriptor);
    }
}
