using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Playback;

/// <summary>
/// Plays the ringback tone to callers who were promised early media and hear none: one step of 20 ms for all sessions
/// of a worker, one packet each. The stream has an SSRC, sequence and timestamps of its own; the destination's RTP,
/// when it comes, is another source with another SSRC and passes untouched, as RFC 3550 section 8 has it. The first
/// packet after each pause has the marker bit. Owned by one relay; allocates nothing after construction.
/// </summary>
internal sealed class RingbackPlayer
{
    // A worker that was away longer skips what it missed; the timestamps show the gap.
    private const int StepsLateMax = 5;
    private const int SamplesPerMs = 8;
    private const int PacketLength = RtpHeader.FixedLength + RingbackTone.FrameLength;
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly RingbackState[] _states;
    private readonly int[] _active;
    private readonly byte[] _packet =
        GC.AllocateArray<byte>(PacketLength + SrtpSuites.OverheadMax, pinned: true);
    private ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private long _nextMs;
    private long _started;
    private long _packets;

    public RingbackPlayer(MediaSessionTable table, MediaSockets sockets)
    {
        _table = table;
        _sockets = sockets;
        _states = new RingbackState[table.Sessions.Length];
        _active = new int[table.Sessions.Length];
        for (var slot = 0; slot < _states.Length; slot++) _states[slot].ListIndex = -1;
        RuntimeHelpers.RunClassConstructor(typeof(RingbackTone).TypeHandle);
    }

    /// <summary>Sessions that play or are about to.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Tones begun; any thread may read it.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Packets of tone sent; any thread may read it.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>
    /// Begins the tone at <paramref name="beginMs"/> unless side B is heard before. One that plays goes on.
    /// </summary>
    public void Arm(int slot, byte payloadType, long beginMs, long nowMs)
    {
        ref var state = ref _states[slot];
        state.PayloadType = payloadType;
        if (state.ListIndex >= 0) return;
        (state.BeginMs, state.FirstMs, state.ListIndex) = (beginMs, -1, ActiveCount);
        if (ActiveCount == 0) _nextMs = nowMs;
        _active[ActiveCount++] = slot;
        _table.Sides[(slot * 2) + 1].EndsRingback = true;
    }

    /// <summary>Falls silent; harmless when nothing plays.</summary>
    public void Stop(int slot)
    {
        ref var state = ref _states[slot];
        if (state.ListIndex < 0) return;
        var last = _active[--ActiveCount];
        _active[state.ListIndex] = last;
        _states[last].ListIndex = state.ListIndex;
        state.ListIndex = -1;
        _table.Sides[(slot * 2) + 1].EndsRingback = false;
    }

    /// <summary>The session is over: the next in its slot is another stream.</summary>
    public void Forget(int slot)
    {
        Stop(slot);
        _states[slot] = new RingbackState { ListIndex = -1 };
    }

    /// <summary>Sends what is due.</summary>
    public void Tick(long nowMs)
    {
        if (ActiveCount == 0 || nowMs < _nextMs) return;
        var stepsLate = (nowMs - _nextMs) / RingbackTone.FrameMs;
        if (stepsLate > StepsLateMax) _nextMs += (stepsLate - StepsLateMax) * RingbackTone.FrameMs;
        for (; _nextMs <= nowMs; _nextMs += RingbackTone.FrameMs)
        {
            for (var i = 0; i < ActiveCount; i++) Step(_active[i], _nextMs);
        }
    }

    /// <summary>Milliseconds until <see cref="Tick"/> has work; -1 when nothing plays.</summary>
    public int NextDelayMs(long nowMs) => ActiveCount == 0 ? -1 : (int)Math.Max(0, _nextMs - nowMs);

    private void Step(int slot, long stepMs)
    {
        ref var state = ref _states[slot];
        if (stepMs < state.BeginMs) return;
        ref var caller = ref _table.Sides[slot * 2];
        if (!caller.CanReceive || !caller.Listens) return;
        var isFirst = state.FirstMs < 0;
        if (isFirst) Begin(ref state, slot, stepMs);
        WriteHeader(state, stepMs, isFirst);
        var frame = (stepMs - state.FirstMs) / RingbackTone.FrameMs;
        RingbackTone.Frame(state.PayloadType, frame).CopyTo(_packet.AsSpan(12));
        state.Sequence++;
        _packets++;
        Send(ref caller);
    }

    private void Send(ref MediaSideState caller)
    {
        var length = PacketLength;
        if (caller.Srtp is not null)
        {
            _ = RtpHeader.Parse(_packet.AsSpan(0, length), paddingReadable: true, out var header);
            if (SrtpGate.SealRtp(caller.Srtp, header, _packet, ref length) != MediaDropReason.None) return;
        }
        _ = _sockets.SendRtp(ref caller, _packet.AsSpan(0, length));
    }

    // RFC 3550 section 5.1: sequence and timestamp begin anywhere; a second tone of the session continues both.
    private void Begin(ref RingbackState state, int slot, long stepMs)
    {
        _started++;
        state.FirstMs = stepMs;
        if (state.Ssrc != 0) return;
        state.Ssrc = NewSsrc(slot);
        state.Sequence = (ushort)Next();
        state.EpochMs = stepMs - (long)(Next() & 0xffff_ffff);
    }

    private void WriteHeader(in RingbackState state, long stepMs, bool isFirst)
    {
        _packet[0] = 0x80;
        _packet[1] = (byte)(state.PayloadType | (isFirst ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), state.Sequence);
        var timestamp = unchecked((uint)((stepMs - state.EpochMs) * SamplesPerMs));
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(8), state.Ssrc);
    }

    // RFC 3550 section 8.2: another identifier than those of the session's sources heard so far; 0 is our "none".
    private uint NewSsrc(int slot)
    {
        while (true)
        {
            var ssrc = (uint)Next();
            var isTaken = ssrc == _table.Sides[slot * 2].Received.Ssrc
                || ssrc == _table.Sides[(slot * 2) + 1].Received.Ssrc;
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
