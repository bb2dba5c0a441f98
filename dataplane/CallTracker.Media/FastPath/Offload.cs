using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.FastPath;

/// <summary>
/// Moves a relay's sessions into the kernel and back. Inside are those whose two sides are known for good and that
/// need nothing but relaying; whatever changes that brings them back first. The sockets stay open and connected all
/// the while, so a packet that the program passes up finds its old path. Owned by one relay, used by its worker alone.
/// </summary>
internal sealed class Offload : IDisposable
{
    private const int BackoffMsMin = 1000;
    private const int BackoffMsMax = 64_000;
    private readonly FlowTable _flows;
    private readonly RtpPortPool _ports;
    private readonly MediaSessionTable _table;
    private readonly MediaCounters _counters;
    private readonly OffloadState[] _states;
    private readonly RouteSocket _routes = new();
    private uint _routeEpoch;
    private long _nextSliceMs = long.MinValue;
    private long _nowMs;
    private int _slice;

    public Offload(FlowTable flows, RtpPortPool ports, MediaSessionTable table, MediaCounters counters)
    {
        _flows = flows;
        _ports = ports;
        _table = table;
        _counters = counters;
        _states = new OffloadState[table.Sessions.Length];
    }

    public FastPathCounters Counters { get; } = new();

    /// <summary>Something in userspace begins or ceases to need the packets of a session.</summary>
    public void Need(int slot, MediaNeeds needs, bool isNeeded)
    {
        ref var state = ref _states[slot];
        state.Needs = isNeeded ? state.Needs | needs : state.Needs & ~needs;
        if (state.Needs != MediaNeeds.None) Leave(slot, FastPathExit.Needed);
    }

    /// <summary>
    /// Brings a session back, with what the kernel measured. When this returns the kernel sends no packet of it any
    /// more, and each that comes from now on is in the socket.
    /// </summary>
    public void Leave(int slot, FastPathExit why)
    {
        ref var state = ref _states[slot];
        if (!state.IsInside) return;
        state.IsInside = false;
        _flows.At(state.EntryA).TakeBack();
        _flows.At(state.EntryB).TakeBack();
        Take(slot * 2, _flows.At(state.EntryA).Stats);
        Take((slot * 2) + 1, _flows.At(state.EntryB).Stats);
        _table.Sides[slot * 2].IsInKernel = false;
        _table.Sides[(slot * 2) + 1].IsInKernel = false;
        var isUnusual = why == FastPathExit.Unusual && _nowMs - state.EnteredMs < BackoffMsMax;
        state.BackoffMs = isUnusual ? Math.Clamp(state.BackoffMs * 2, BackoffMsMin, BackoffMsMax) : BackoffMsMin;
        state.RetryMs = _nowMs + state.BackoffMs;
        Counters.AddLeft(why);
    }

    /// <summary>The slot's session ended.</summary>
    public void Forget(int slot)
    {
        Leave(slot, FastPathExit.Ended);
        _states[slot] = default;
    }

    /// <summary>Brings what userspace knows of a session up to date.</summary>
    public void Refresh(int slot)
    {
        ref readonly var state = ref _states[slot];
        if (!state.IsInside) return;
        if (_flows.At(state.EntryA).TrySnapshot(out var a)) Take(slot * 2, a);
        if (_flows.At(state.EntryB).TrySnapshot(out var b)) Take((slot * 2) + 1, b);
    }

    /// <summary>Looks at a tenth of the sessions every 100 ms: refreshes those inside, lets in whoever may.</summary>
    public void Tick<TEvents>(long nowMs, RtpPath rtp, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        _nowMs = nowMs;
        if (nowMs < _nextSliceMs) return;
        _nextSliceMs = nowMs + MediaWatch.SlicePeriodMs;
        if (_routes.TakeChanged()) _routeEpoch++;
        var slots = _states.Length;
        var first = (int)((long)slots * _slice / MediaWatch.SliceCount);
        var end = (int)((long)slots * (_slice + 1) / MediaWatch.SliceCount);
        _slice = _slice + 1 == MediaWatch.SliceCount ? 0 : _slice + 1;
        for (var slot = first; slot < end; slot++)
        {
            if (_states[slot].IsInside) Look(slot);
            else if (MayEnter(slot)) TryEnter(slot, rtp, ref events);
        }
    }

    public void Dispose()
    {
        for (var slot = 0; slot < _states.Length; slot++) Leave(slot, FastPathExit.Ended);
        _routes.Dispose();
    }

    private void Look(int slot)
    {
        Refresh(slot);
        ref var state = ref _states[slot];
        if (state.RouteEpoch == _routeEpoch) return;
        state.RouteEpoch = _routeEpoch;
        if (!RouteHolds(slot * 2, state.EntryA) || !RouteHolds((slot * 2) + 1, state.EntryB))
            Leave(slot, FastPathExit.RouteChanged);
    }

    private bool RouteHolds(int side, int entry) =>
        TryRoute(side ^ 1, out var hop) && FlowWriter.GoesTo(ref _flows.At(entry), hop);

    private bool MayEnter(int slot)
    {
        ref readonly var session = ref _table.Sessions[slot];
        ref readonly var state = ref _states[slot];
        return session.IsOpen && session.IsAnswered && !session.IsOpaque
            && state.Needs == MediaNeeds.None && _nowMs >= state.RetryMs
            && IsSettled(_table.Sides[slot * 2]) && IsSettled(_table.Sides[(slot * 2) + 1]);
    }

    // A connected socket has a source that nothing but signalling can change. A side with keys for SRTP is opened and
    // sealed here.
    private bool IsSettled(in MediaSideState side) =>
        side.Srtp is null && side.RtpConnected && side.FirstPacketSeen && side.CanReceive
        && side.Direction == SdpDirection.SendRecv && side.Latch.IsFinal(_nowMs);

    // What already waits in the sockets is relayed first. What comes between that and the last line here is found in
    // a socket later, and brings the session back for a second: order and statistics stay right.
    private void TryEnter<TEvents>(int slot, RtpPath rtp, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        var refusal = Prepare(slot);
        if (refusal != FastPathRefusal.None)
        {
            Counters.AddRefused(refusal);
            _states[slot].RetryMs = _nowMs + BackoffMsMax;
            return;
        }
        var id = _table.IdOf(slot);
        var isEmpty = rtp.TryDrain(slot * 2, _nowMs, ref events) && _table.TryFind(id, out _)
            && rtp.TryDrain((slot * 2) + 1, _nowMs, ref events) && _table.TryFind(id, out _);
        if (!isEmpty || !MayEnter(slot)) return;
        ref var state = ref _states[slot];
        state.IsInside = true;
        state.EnteredMs = _nowMs;
        state.RouteEpoch = _routeEpoch;
        Give(slot * 2, ref _flows.At(state.EntryA));
        Give((slot * 2) + 1, ref _flows.At(state.EntryB));
        _flows.At(state.EntryA).GiveToKernel();
        _flows.At(state.EntryB).GiveToKernel();
        Counters.AddEntered();
    }

    private FastPathRefusal Prepare(int slot)
    {
        ref var state = ref _states[slot];
        if (LocalOf(slot * 2).IsIpv4 != LocalOf((slot * 2) + 1).IsIpv4) return FastPathRefusal.MixedVersions;
        var areFound = _flows.TryFind(LocalOf(slot * 2), out state.EntryA)
            & _flows.TryFind(LocalOf((slot * 2) + 1), out state.EntryB);
        if (!areFound) return FastPathRefusal.NoEntry;
        return TryPrepare(slot * 2, state.EntryA) && TryPrepare((slot * 2) + 1, state.EntryB)
            ? FastPathRefusal.None
            : FastPathRefusal.NoRoute;
    }

    private bool TryPrepare(int side, int entry)
    {
        if (!TryRoute(side ^ 1, out var hop)) return false;
        ref readonly var from = ref _table.Sides[side];
        ref readonly var to = ref _table.Sides[side ^ 1];
        FlowWriter.Write(
            ref _flows.At(entry), from.Latch.Peer, LocalOf(side), LocalOf(side ^ 1), to.Latch.Peer, hop);
        return true;
    }

    private bool TryRoute(int side, out RouteHop hop) =>
        _routes.TryFind(_table.Sides[side].Latch.Peer, LocalOf(side), out hop);

    private IpEndpoint LocalOf(int side)
    {
        var pair = _table.Sides[side].PairIndex;
        return _ports.AddressOf(pair).WithPort(_ports.RtpPort(pair));
    }

    private void Give(int side, ref FlowEntry entry)
    {
        ref var state = ref _table.Sides[side];
        entry.ClockRateHz = state.ClockRateHz;
        state.Received.Save(ref entry.Stats);
        entry.Stats.Relayed = state.Relayed;
        entry.Stats.RelayedBytes = state.RelayedBytes;
        state.IsInKernel = true;
    }

    private void Take(int side, in FlowStats stats)
    {
        ref var state = ref _table.Sides[side];
        if (stats.Packets != state.Received.Packets) RtpPath.OnHeard(ref state);
        var packets = (long)(stats.Relayed - state.Relayed);
        _counters.AddRelayed(side & 1, packets, (long)(stats.RelayedBytes - state.RelayedBytes));
        Counters.AddPackets(side & 1, packets);
        state.Received.Restore(stats);
        state.Relayed = stats.Relayed;
        state.RelayedBytes = stats.RelayedBytes;
    }
}
