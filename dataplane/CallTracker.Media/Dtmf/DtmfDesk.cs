using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// The digits of a relay's sessions. A session without plans costs nothing and may be relayed by the kernel; one with
/// plans has each packet looked at here before it goes on. Digits are told in steps of 20 ms for all sessions together.
/// Owned by one relay, used by its worker; paths are made once and lent.
/// </summary>
public sealed class DtmfDesk
{
    // A worker that was away longer skips what it missed.
    private const int StepsLateMax = 5;
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly Offload? _offload;
    private readonly Stack<DigitPath> _idle = [];
    private readonly DigitPath[] _active;
    private readonly byte[] _packet =
        GC.AllocateArray<byte>(DigitWriter.PacketLengthMax + SrtpSuites.OverheadMax, pinned: true);
    private ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private int _activeCount;
    private long _nextMs;

    internal DtmfDesk(MediaSessionTable table, MediaSockets sockets, Offload? offload)
    {
        _table = table;
        _sockets = sockets;
        _offload = offload;
        _active = new DigitPath[table.Sides.Length];
        RuntimeHelpers.RunClassConstructor(typeof(DtmfTone).TypeHandle);
    }

    public DtmfCounters Counters { get; } = new();

    /// <summary>Sides whose digits are listened to now.</summary>
    public int ListeningSides { get; private set; }

    /// <summary>
    /// Hears the digits of a side from now on and does with them as planned. The kernel relays the session no more.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="from">The side that presses.</param>
    /// <param name="plan">What becomes of its digits.</param>
    public void SetPlan(int session, MediaSide from, in DtmfPlan plan)
    {
        if (!_table.TryFind(session, out var slot)) return;
        var side = (slot * 2) + (int)from;
        ref var state = ref _table.Sides[side];
        if (state.Digits is null)
        {
            state.Digits = _idle.Count > 0 ? _idle.Pop() : new DigitPath(Counters);
            state.Digits.Open(side);
            ListeningSides++;
        }
        state.Digits.Set(plan);
        TellNeeds(slot);
    }

    /// <summary>
    /// Forgets the plans of both sides: packets pass as they are, in the kernel too. A stream whose packets are
    /// counted anew keeps its count, and so its place here, to the end of the session.
    /// </summary>
    public void Clear(int session)
    {
        if (!_table.TryFind(session, out var slot)) return;
        var (a, b) = (_table.Sides[slot * 2].Digits, _table.Sides[(slot * 2) + 1].Digits);
        if (a is not { IsMoved: true } && b is not { IsMoved: true })
        {
            Forget(slot);
            return;
        }
        a?.Set(default);
        b?.Set(default);
        TellNeeds(slot);
    }

    /// <summary>What is done with a side's digits; default when nothing is.</summary>
    public DtmfPlan PlanOf(int session, MediaSide from) =>
        _table.TryFind(session, out var slot) ? _table.Sides[(slot * 2) + (int)from].Digits?.Plan ?? default : default;

    /// <summary>
    /// A side pressed a key, as its signalling says: the other side is told by its plan. Nothing happens without one.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="from">The side that pressed.</param>
    /// <param name="key">Its code, below <see cref="DtmfKey.Count"/>.</param>
    /// <param name="durationMs">How long.</param>
    /// <param name="nowMs">Now.</param>
    public void Enter(int session, MediaSide from, byte key, int durationMs, long nowMs)
    {
        if (key >= DtmfKey.Count || !_table.TryFind(session, out var slot)) return;
        if (_table.Sides[(slot * 2) + (int)from].Digits is not { } path) return;
        path.Enter(key, durationMs);
        Watch(path, nowMs);
    }

    /// <summary>The session is over, or another leg takes a side.</summary>
    internal void Forget(int slot)
    {
        var hadPlan = false;
        for (var side = slot * 2; side <= (slot * 2) + 1; side++)
        {
            ref var state = ref _table.Sides[side];
            if (state.Digits is not { } path) continue;
            hadPlan = true;
            state.Digits = null;
            Unwatch(path);
            path.Clear();
            _idle.Push(path);
            ListeningSides--;
        }
        if (hadPlan) TellNeeds(slot);
    }

    /// <summary>Hears a packet of a side that has a plan; true when it is to be sent on, perhaps changed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool TryPass(DigitPath path, ref RtpHeader header, Span<byte> packet, long nowMs)
    {
        var passes = path.TryPass(ref header, packet, nowMs);
        if (path.IsActive) Watch(path, nowMs);
        return passes;
    }

    /// <summary>Tells of digits that were pressed; the receiver may close the session.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Tell<TEvents>(DigitPath path, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        var side = path.SideNumber;
        var slot = side >> 1;
        var (id, user) = (_table.IdOf(slot), _table.Sessions[slot].User);
        while (path.HasNews)
        {
            var digit = path.TakeNews();
            events.OnDigit(id, user, (MediaSide)(side & 1), digit.Key, digit.DurationMs);
            if (!_table.TryFind(id, out _) || _table.Sides[side].Digits != path) return;
        }
    }

    /// <summary>Sends what is due and ends what was never ended.</summary>
    internal void Tick<TEvents>(long nowMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        if (_activeCount == 0 || nowMs < _nextMs) return;
        var stepsLate = (nowMs - _nextMs) / DtmfTone.FrameMs;
        if (stepsLate > StepsLateMax) _nextMs += (stepsLate - StepsLateMax) * DtmfTone.FrameMs;
        for (; _nextMs <= nowMs; _nextMs += DtmfTone.FrameMs)
        {
            // From behind, because one that has nothing more to do gives its place to the last.
            for (var i = _activeCount - 1; i >= 0; i--)
            {
                if (i < _activeCount) Step(_active[i], _nextMs, ref events);
            }
        }
    }

    /// <summary>Milliseconds until <see cref="Tick"/> has work; -1 when no digit is heard or told.</summary>
    internal int NextDelayMs(long nowMs) => _activeCount == 0 ? -1 : (int)Math.Max(0, _nextMs - nowMs);

    private void Step<TEvents>(DigitPath path, long stepMs, ref TEvents events)
        where TEvents : struct, IMediaEvents
    {
        path.Expire(stepMs);
        if (path.TryStep(stepMs, Next(), _packet, out var length)) Send(path.SideNumber ^ 1, length);
        if (!path.IsActive) Unwatch(path);
        if (path.HasNews) Tell(path, ref events);
    }

    private void Send(int side, int length)
    {
        ref var to = ref _table.Sides[side];
        if (to.Srtp is not null)
        {
            _ = RtpHeader.Parse(_packet.AsSpan(0, length), paddingReadable: true, out var header);
            if (SrtpGate.SealRtp(to.Srtp, header, _packet, ref length) != MediaDropReason.None) return;
        }
        _ = _sockets.SendRtp(ref to, _packet.AsSpan(0, length));
    }

    private void Watch(DigitPath path, long nowMs)
    {
        if (path.ListIndex >= 0 || !path.IsActive) return;
        if (_activeCount == 0) _nextMs = nowMs;
        path.ListIndex = _activeCount;
        _active[_activeCount++] = path;
    }

    private void Unwatch(DigitPath path)
    {
        if (path.ListIndex < 0) return;
        var last = _active[--_activeCount];
        _active[path.ListIndex] = last;
        last.ListIndex = path.ListIndex;
        path.ListIndex = -1;
    }

    private void TellNeeds(int slot)
    {
        var (a, b) = (_table.Sides[slot * 2].Digits, _table.Sides[(slot * 2) + 1].Digits);
        var converts = a is { Plan.Removes: true } || b is { Plan.Removes: true };
        _offload?.Need(slot, MediaNeeds.Conversion, converts);
        _offload?.Need(slot, MediaNeeds.Dtmf, a is not null || b is not null);
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
