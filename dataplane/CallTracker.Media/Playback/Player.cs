using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Playback;

/// <summary>
/// Plays prompts to the sides of a worker's sessions, a packet each 20 ms, to thousands at once: no thread, no timer
/// and no allocation of their own. Each leg has a phase of the 20 ms (<see cref="PlayPhases"/>), which it keeps while
/// something plays. While a list plays, all its frames are sent, silent ones too; before, between and after plays
/// nothing is. The stream has an SSRC of its own; the other side's RTP is another source for the receiver, as RFC 3550
/// section 8 has it. Owned by one relay, used by its worker alone; allocates nothing after construction.
/// </summary>
public sealed class Player
{
    /// <summary>Every packet holds so much sound.</summary>
    public const int FrameMs = 20;
    // A worker that was away longer skips the rest of the time, not of the sound.
    private const int LateMsMax = 100;
    // Longer than the gap between two packets of somebody who speaks, with a lost one in between.
    private const int YieldMs = 200;
    private const int UseCount = (int)PlayUse.HoldMusic + 1;
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly MediaCounters _counters;
    private readonly Offload? _offload;
    private readonly PlayState[] _states;
    private readonly PlayPhases _phases;
    private readonly (int Session, int Leg)[] _finished;
    private readonly byte[] _packet = GC.AllocateArray<byte>(
        RtpHeader.FixedLength + PromptFrames.LengthMax + SrtpSuites.OverheadMax, pinned: true);
    private readonly long[] _started = new long[UseCount];
    private readonly long[] _packets = new long[UseCount];
    private ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private int _finishedCount;
    private long _nextMs;

    internal Player(MediaSessionTable table, MediaSockets sockets, MediaCounters counters, Offload? offload)
    {
        (_table, _sockets, _counters, _offload) = (table, sockets, counters, offload);
        _states = new PlayState[table.Sides.Length];
        _phases = new PlayPhases(_states);
        _finished = new (int, int)[table.Sides.Length];
        RuntimeHelpers.RunClassConstructor(typeof(Tones).TypeHandle);
    }

    /// <summary>Sides that are played to, those included whose sound has not begun.</summary>
    public int ActiveCount => _phases.Count;

    /// <summary>Plays whose first packet was sent, since start; any thread may read it.</summary>
    public long Started(PlayUse use) => Volatile.Read(ref _started[(int)use]);

    /// <summary>Packets sent since start; any thread may read it.</summary>
    public long Packets(PlayUse use) => Volatile.Read(ref _packets[(int)use]);

    /// <summary>
    /// Plays to a side from now on, in place of what it is played; what it is played already goes on undisturbed.
    /// <see cref="IMediaEvents.OnPlayed"/> tells when the list is over. The side's format must be known.
    /// </summary>
    /// <returns>False when nothing will be played.</returns>
    public bool Start(int session, MediaSide side, in PlayRequest request, long nowMs)
    {
        if (!_table.TryFind(session, out var slot) || request.Format.IsNone) return false;
        var leg = (slot * 2) + (int)side;
        ref var other = ref _table.Sides[leg ^ 1];
        if (request.Use == PlayUse.Ringback && !IsRingbackDue(slot, other, request)) return false;
        // Who holds may be silent as long as the music plays.
        if (request.Use == PlayUse.HoldMusic) other.ExpectedSinceMs = -1;
        ref var state = ref _states[leg];
        if (state.IsSame(request)) return true;
        Remove(leg);
        state.Load(request, nowMs);
        if (_phases.Count == 0) _nextMs = nowMs;
        _phases.Add(leg, state.BeginMs);
        Cover(leg ^ 1);
        _offload?.Need(slot, MediaNeeds.Playback, isNeeded: true);
        return true;
    }

    /// <summary>Ends what a side is played; nothing is told of it. Harmless when nothing plays.</summary>
    public void Stop(int session, MediaSide side)
    {
        if (_table.TryFind(session, out var slot)) Remove((slot * 2) + (int)side);
    }

    /// <summary>True from <see cref="Start"/> to the end.</summary>
    public bool IsPlaying(int session, MediaSide side) =>
        _table.TryFind(session, out var slot) && _states[(slot * 2) + (int)side].IsActive;

    /// <summary>The call was answered or goes elsewhere: no side hears ringback any more.</summary>
    internal void StopRingback(int slot)
    {
        for (var leg = slot * 2; leg <= (slot * 2) + 1; leg++)
        {
            if (_states[leg].IsActive && _states[leg].Use == PlayUse.Ringback) Remove(leg);
        }
    }

    /// <summary>The side is over: the next in its place has a stream of its own.</summary>
    internal void Forget(int leg)
    {
        Remove(leg);
        _states[leg] = default;
    }

    /// <summary>Sets whether a side's packets are to be shown to <see cref="Covers"/>, by what the other side is
    /// played.</summary>
    internal void Cover(int side) =>
        _table.Sides[side].IsPlayedOver = _states[side ^ 1] is { IsActive: true, Use: not PlayUse.HoldMusic };

    /// <summary>A packet of a side was accepted whose <see cref="MediaSideState.IsPlayedOver"/> is set.</summary>
    /// <returns>True when it is not to be relayed.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool Covers(int side)
    {
        ref readonly var state = ref _states[side ^ 1];
        if (state.Use == PlayUse.Ringback) Remove(side ^ 1);
        else if (state.HasSounded) return true;
        return false;
    }

    /// <summary>Sends what is due, then tells of what is over.</summary>
    internal void Tick<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        if (_phases.Count == 0 || nowMs < _nextMs) return;
        _nextMs = Math.Max(_nextMs, nowMs - LateMsMax);
        for (; _nextMs <= nowMs; _nextMs++)
        {
            // A step takes no leg but its own out of the list.
            for (int leg = _phases.First(_nextMs), next; leg >= 0; leg = next)
            {
                next = _states[leg].Next;
                Step(leg, _nextMs);
            }
        }
        if (_finishedCount > 0) TellFinished(ref events);
    }

    /// <summary>Milliseconds until <see cref="Tick"/> has work; -1 when nothing plays.</summary>
    internal int NextDelayMs(long nowMs) =>
        _phases.Count == 0 ? -1 : (int)Math.Max(0, _phases.NextDueMs(_nextMs) - nowMs);

    private static bool IsHeard(in MediaSideState other, long sinceMs) =>
        other.Received.Packets > 0 && other.Received.LastMs >= sinceMs;

    private bool IsRingbackDue(int slot, in MediaSideState other, in PlayRequest request) =>
        !_table.Sessions[slot].IsAnswered && !IsHeard(other, request.SilentSinceMs);

    private void Step(int leg, long dueMs)
    {
        ref var state = ref _states[leg];
        if (dueMs < state.BeginMs) return;
        ref var to = ref _table.Sides[leg];
        if (!to.CanReceive || !to.Listens) return;
        if (state.Use == PlayUse.HoldMusic && IsHeard(_table.Sides[leg ^ 1], dueMs - YieldMs)) return;
        if (!state.HasSounded) Begin(ref state, leg, dueMs);
        state.Stream.WriteHeader(_packet, state.Format.PayloadType, dueMs);
        var payload = state.Frames![state.Frame];
        payload.CopyTo(_packet.AsSpan(RtpHeader.FixedLength));
        var refusal = Send(ref to, RtpHeader.FixedLength + payload.Length);
        if (refusal == MediaDropReason.None) _packets[(int)state.Use]++;
        else _counters.AddDropped(refusal);
        if (state.MoveOn()) return;
        Remove(leg);
        _finished[_finishedCount++] = (_table.IdOf(leg >> 1), leg);
    }

    private MediaDropReason Send(ref MediaSideState to, int length)
    {
        if (to.Srtp is not null)
        {
            _ = RtpHeader.Parse(_packet.AsSpan(0, length), paddingReadable: true, out var header);
            var refusal = SrtpGate.SealRtp(to.Srtp, header, _packet, ref length);
            if (refusal != MediaDropReason.None) return refusal;
        }
        return _sockets.SendRtp(ref to, _packet.AsSpan(0, length));
    }

    // RFC 3550 section 5.1: sequence and timestamp begin anywhere; what plays next on the side continues both. A clock
    // of another rate needs another stream (RFC 7160).
    private void Begin(ref PlayState state, int leg, long dueMs)
    {
        _started[(int)state.Use]++;
        state.HasSounded = true;
        state.Stream.LastMs = long.MinValue;
        var clockKhz = state.Format.Codec!.ClockRateHz / 1000;
        if (state.Stream.Ssrc != 0 && state.Stream.ClockKhz == clockKhz) return;
        state.Stream = new PlayStream
        {
            Ssrc = NewSsrc(leg),
            Sequence = (ushort)Next(),
            EpochMs = dueMs - (long)(Next() & 0xffff_ffff),
            ClockKhz = clockKhz,
            LastMs = long.MinValue,
        };
    }

    private void Remove(int leg)
    {
        ref var state = ref _states[leg];
        if (!state.IsActive) return;
        _phases.Remove(leg);
        (state.List, state.Frames) = (null, null);
        Cover(leg ^ 1);
        if (!_states[leg ^ 1].IsActive) _offload?.Need(leg >> 1, MediaNeeds.Playback, isNeeded: false);
    }

    // The receiver may close sessions or play the next; what it began in the meantime is not over.
    private void TellFinished<TEvents>(ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        for (var i = 0; i < _finishedCount; i++)
        {
            var (session, leg) = _finished[i];
            if (!_table.TryFind(session, out var slot) || _states[leg].IsActive) continue;
            events.OnPlayed(session, _table.Sessions[slot].User, (MediaSide)(leg & 1));
        }
        _finishedCount = 0;
    }

    // RFC 3550 section 8.2: another identifier than those of the session's sources heard so far; 0 is our "none".
    private uint NewSsrc(int leg)
    {
        while (true)
        {
            var ssrc = (uint)Next();
            var isTaken = ssrc == _table.Sides[leg].Received.Ssrc || ssrc == _table.Sides[leg ^ 1].Received.Ssrc
                || ssrc == _states[leg ^ 1].Stream.Ssrc;
            if (ssrc != 0 && !isTaken) return ssrc;
        }
    }

    // SplitMix64.
    private ulong Next()
    {
        _random += 0x9e37_79b9_7f4a_7c15;
        var z = _random;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }
}
