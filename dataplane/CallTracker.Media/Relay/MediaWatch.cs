using CallTracker.Media.Sdp;

namespace CallTracker.Media.Relay;

/// <summary>
/// Watches the sessions of a relay for silence and vanished peers, each direction by itself and aware of hold. Looks at
/// a tenth of the slots every 100 ms, so each session is seen once a second and no turn of the loop is long.
/// Owned by one relay.
/// </summary>
internal sealed class MediaWatch
{
    public const int SlicePeriodMs = 100;
    public const int SliceCount = 10;
    private readonly MediaSessionTable _table;
    private readonly MediaSettings _settings;
    private long _nextSliceMs = long.MinValue;
    private int _slice;

    public MediaWatch(MediaSessionTable table, MediaSettings settings)
    {
        _table = table;
        _settings = settings;
    }

    /// <summary>Signalling changed what the sides should do: silence counts from now where it did not before.</summary>
    public void Rearm(int slot, long nowMs)
    {
        ref var session = ref _table.Sessions[slot];
        var isHeld = IsOneWay(_table.Sides[slot * 2]) || IsOneWay(_table.Sides[(slot * 2) + 1]);
        // Whoever held may have been silent for long: it has the whole time again.
        var isResumed = session.IsHeld && !isHeld;
        session.IsHeld = isHeld;
        for (var side = slot * 2; side <= (slot * 2) + 1; side++)
        {
            ref var sender = ref _table.Sides[side];
            ref var receiver = ref _table.Sides[side ^ 1];
            var shouldSend = session.IsAnswered && sender.Sends && receiver.Listens && receiver.CanReceive;
            if (!shouldSend) sender.ExpectedSinceMs = -1;
            else if (sender.ExpectedSinceMs < 0 || isResumed) sender.ExpectedSinceMs = nowMs;
            if (!shouldSend || isResumed) sender.TimedOut = false;
        }
    }

    /// <summary>A side was renewed: nothing is expected of either until signalling says so.</summary>
    public void Disarm(int slot)
    {
        for (var side = slot * 2; side <= (slot * 2) + 1; side++)
        {
            _table.Sides[side].ExpectedSinceMs = -1;
            _table.Sides[side].TimedOut = false;
        }
    }

    public void Tick<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        if (nowMs < _nextSliceMs) return;
        _nextSliceMs = nowMs + SlicePeriodMs;
        var slots = _table.Sessions.Length;
        var first = (int)((long)slots * _slice / SliceCount);
        var end = (int)((long)slots * (_slice + 1) / SliceCount);
        _slice = _slice + 1 == SliceCount ? 0 : _slice + 1;
        for (var slot = first; slot < end; slot++)
        {
            if (_table.Sessions[slot].IsOpen) Look(slot, nowMs, ref events);
        }
    }

    // The receiver of an event may close the session: the second side is looked at only if it is still the same one.
    private void Look<TEvents>(int slot, long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        var id = _table.IdOf(slot);
        var user = _table.Sessions[slot].User;
        for (var side = 0; side < 2; side++)
        {
            ref var state = ref _table.Sides[(slot * 2) + side];
            MediaSockets.FixRtp(ref state, nowMs);
            if (IsNewlyGone(ref state)) events.OnPeerGone(id, user, (MediaSide)side);
            if (!_table.TryFind(id, out _)) return;
            if (IsNewlySilent(ref state, _table.Sessions[slot].IsHeld, nowMs, out var kind))
                events.OnMediaTimeout(id, user, (MediaSide)side, kind);
            if (!_table.TryFind(id, out _)) return;
        }
    }

    private bool IsNewlyGone(ref MediaSideState state)
    {
        if (_settings.PeerGoneRefusals <= 0 || state.GoneTold) return false;
        state.GoneTold = state.RefusalsInRow >= _settings.PeerGoneRefusals;
        return state.GoneTold;
    }

    private bool IsNewlySilent(ref MediaSideState state, bool isHeld, long nowMs, out MediaTimeoutKind kind)
    {
        var heard = state.Received.Packets > 0;
        kind = heard ? MediaTimeoutKind.Silence : MediaTimeoutKind.FirstPacket;
        if (state.ExpectedSinceMs < 0 || state.TimedOut) return false;
        var limitMs = LimitMs(isHeld, heard);
        if (limitMs <= 0) return false;
        var sinceMs = heard ? Math.Max(state.ExpectedSinceMs, state.Received.LastMs) : state.ExpectedSinceMs;
        // One who talks and is not heard is a fault of the call, however alive; one who holds need only be there.
        if (isHeld) sinceMs = Math.Max(sinceMs, state.AliveMs);
        state.TimedOut = nowMs - sinceMs >= limitMs;
        return state.TimedOut;
    }

    private int LimitMs(bool isHeld, bool heard)
    {
        var limitMs = !heard && _settings.FirstPacketMsMax > 0 ? _settings.FirstPacketMsMax : _settings.SilenceMsMax;
        if (!isHeld || limitMs <= 0) return limitMs;
        return _settings.HoldMsMax <= 0 ? 0 : Math.Max(_settings.HoldMsMax, limitMs);
    }

    private static bool IsOneWay(in MediaSideState side) =>
        side.Direction != SdpDirection.SendRecv || !side.CanReceive;
}
