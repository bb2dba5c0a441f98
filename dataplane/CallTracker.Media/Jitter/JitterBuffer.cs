using CallTracker.Media.Rtp;

namespace CallTracker.Media.Jitter;

/// <summary>
/// Puts the packets of one stream back into their order and time, for who plays or records them; the relay has none.
/// Packets are put as they come and taken when their time has come by their timestamps; what is missing is told when
/// its own time has come and a later one is there. The delay is fixed, or grows with the path's unevenness: at once
/// when a packet came too late, and both ways where a talkspurt begins, where nobody hears it. Bounded, without
/// allocation after construction; one thread uses it and brings the time.
/// </summary>
public sealed class JitterBuffer
{
    private const int MisorderMax = 100;
    private const long UsPerMs = 1000;
    private readonly JitterSettings _settings;
    private readonly JitterSlot[] _slots;
    private readonly byte[] _payloads;
    private JitterDepth _depth;
    private int _clockHz;
    private bool _started;
    private uint _ssrc;
    private ushort _next;
    private uint _lastTimestamp;
    private bool _hasLast;
    private uint _baseTimestamp;
    private long _baseUs;
    // Of the last 64 turns those that were played, the latest in the lowest bit.
    private ulong _played;

    /// <param name="settings">Times and room.</param>
    /// <param name="clockHz">The RTP clock of the stream.</param>
    public JitterBuffer(JitterSettings settings, int clockHz)
    {
        var isUsable = System.Numerics.BitOperations.IsPow2(settings.PacketsMax)
            && settings.PayloadBytesMax is > 0 and <= ushort.MaxValue;
        if (!isUsable) throw new ArgumentException("No power of two of packets, or no length.", nameof(settings));
        _settings = settings;
        _slots = new JitterSlot[settings.PacketsMax];
        _payloads = new byte[settings.PacketsMax * settings.PayloadBytesMax];
        Clear(clockHz);
    }

    /// <summary>Packets that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>How long packets wait at present, if they come in time.</summary>
    public int DelayMs { get; private set; }

    /// <summary>Packets that were told as lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets of those that came after all.</summary>
    public long Late { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>How often another stream began.</summary>
    public long Restarts { get; private set; }

    /// <summary>Packets that waited when another stream began, or were too long.</summary>
    public long Discarded { get; private set; }

    /// <summary>Makes it as new, for another stream.</summary>
    public void Clear(int clockHz)
    {
        Array.Clear(_slots);
        (_clockHz, _started, _depth) = (Math.Max(1, clockHz), false, default);
        (Waiting, DelayMs, _hasLast, _played) = (0, _settings.DelayMsMin, false, 0);
        (Lost, Late, Duplicates, Restarts, Discarded) = (0, 0, 0, 0, 0);
    }

    /// <summary>Takes in a packet at the time it came.</summary>
    public JitterPut Put(in RtpHeader header, ReadOnlySpan<byte> payload, long nowMs)
    {
        if (payload.Length > _settings.PayloadBytesMax)
        {
            Discarded++;
            return JitterPut.TooLong;
        }
        var ahead = (short)(header.Sequence - _next);
        var isNew = !_started || header.Ssrc != _ssrc || ahead < -MisorderMax || ahead >= _slots.Length;
        if (isNew) return Restart(header, payload, nowMs);
        if (ahead < 0) return Refuse(header, ahead, nowMs);
        if (_slots[IndexOf(header.Sequence)].IsFull)
        {
            Duplicates++;
            return JitterPut.Duplicate;
        }
        Time(header, nowMs);
        Keep(header, payload);
        return JitterPut.Kept;
    }

    /// <summary>
    /// What is to be played now; call it until it says Wait. A wait with nothing missing is silence: the sender paused,
    /// or all that follows is late.
    /// </summary>
    public JitterTake Take(long nowMs, out JitterFrame frame)
    {
        frame = default;
        if (Waiting == 0) return JitterTake.Wait;
        ref var slot = ref _slots[IndexOf(_next)];
        if (slot.IsFull) return TakeNext(ref slot, nowMs, out frame);
        var missing = 1;
        while (!_slots[IndexOf((ushort)(_next + missing))].IsFull) missing++;
        var following = _slots[IndexOf((ushort)(_next + missing))].Timestamp;
        // Evenly between its neighbours; without one before, all are told when the first that came is due.
        var timestamp = _hasLast
            ? _lastTimestamp + (uint)((int)(following - _lastTimestamp) / (missing + 1))
            : following;
        if (DueUs(timestamp) > nowMs * UsPerMs) return JitterTake.Wait;
        frame = new JitterFrame(default, timestamp, StepTo(timestamp), _next, 0, marker: false);
        Lost++;
        Advance(timestamp, wasPlayed: false);
        return JitterTake.Lost;
    }

    private JitterTake TakeNext(ref JitterSlot slot, long nowMs, out JitterFrame frame)
    {
        frame = default;
        if (DueUs(slot.Timestamp) > nowMs * UsPerMs) return JitterTake.Wait;
        var payload = _payloads.AsSpan(IndexOf(slot.Sequence) * _settings.PayloadBytesMax, slot.Length);
        var step = StepTo(slot.Timestamp);
        frame = new JitterFrame(payload, slot.Timestamp, step, slot.Sequence, slot.PayloadType, slot.Marker);
        slot.IsFull = false;
        Waiting--;
        Advance(slot.Timestamp, wasPlayed: true);
        return JitterTake.Frame;
    }

    private uint StepTo(uint timestamp) => _hasLast ? timestamp - _lastTimestamp : 0;

    private void Advance(uint timestamp, bool wasPlayed)
    {
        // The base follows, so that differences stay small however long the stream is.
        (_baseUs, _baseTimestamp) = (DueUs(timestamp), timestamp);
        (_lastTimestamp, _hasLast) = (timestamp, true);
        _played = (_played << 1) | (wasPlayed ? 1UL : 0);
        _next++;
    }

    private JitterPut Restart(in RtpHeader header, ReadOnlySpan<byte> payload, long nowMs)
    {
        var isFirst = !_started;
        Discarded += Waiting;
        if (!isFirst) Restarts++;
        Array.Clear(_slots);
        (_started, _ssrc, _next, _hasLast) = (true, header.Ssrc, header.Sequence, false);
        (_played, Waiting) = (0, 0);
        Begin(header.Timestamp, nowMs);
        Keep(header, payload);
        return isFirst ? JitterPut.Kept : JitterPut.Restarted;
    }

    private JitterPut Refuse(in RtpHeader header, int ahead, long nowMs)
    {
        var isPlayed = -ahead <= 64 && ((_played >> (-ahead - 1)) & 1) != 0;
        if (isPlayed)
        {
            Duplicates++;
            return JitterPut.Duplicate;
        }
        Late++;
        _depth.Add(TransitUs(header.Timestamp, nowMs));
        return JitterPut.Late;
    }

    // How long after the earliest packet's pace it came.
    private long TransitUs(uint timestamp, long nowMs) =>
        ((nowMs + DelayMs) * UsPerMs) - _baseUs - ToUs(timestamp - _baseTimestamp);

    private void Keep(in RtpHeader header, ReadOnlySpan<byte> payload)
    {
        var index = IndexOf(header.Sequence);
        payload.CopyTo(_payloads.AsSpan(index * _settings.PayloadBytesMax));
        _slots[index] = new JitterSlot
        {
            IsFull = true,
            Timestamp = header.Timestamp,
            Sequence = header.Sequence,
            Length = (ushort)payload.Length,
            PayloadType = header.PayloadType,
            Marker = header.Marker,
        };
        Waiting++;
    }

    // Where the stream's time stands against ours may change while nothing waits.
    private void Time(in RtpHeader header, long nowMs)
    {
        var nowUs = nowMs * UsPerMs;
        _depth.Add(TransitUs(header.Timestamp, nowMs));
        if (Waiting > 0) return;
        var lateUs = nowUs - DueUs(header.Timestamp);
        if (header.Marker) Begin(header.Timestamp, nowMs);
        else if (lateUs > 0) Lag(lateUs);
    }

    // A talkspurt begins: the delay becomes what the path needs, but never so that it is heard before what was played.
    private void Begin(uint timestamp, long nowMs)
    {
        DelayMs = Math.Clamp((int)(_depth.SpreadUs / UsPerMs) + 1, _settings.DelayMsMin, _settings.DelayMsMax);
        var dueUs = (nowMs + DelayMs) * UsPerMs;
        if (_hasLast) dueUs = Math.Max(dueUs, _baseUs);
        (_baseUs, _baseTimestamp) = (dueUs, timestamp);
        _depth.Restart((nowMs * UsPerMs) - dueUs + (DelayMs * UsPerMs));
    }

    private void Lag(long lateUs)
    {
        var more = Math.Min((int)(lateUs / UsPerMs) + 1, _settings.DelayMsMax - DelayMs);
        if (more <= 0) return;
        DelayMs += more;
        _baseUs += more * UsPerMs;
    }

    private long DueUs(uint timestamp) => _baseUs + ToUs(timestamp - _baseTimestamp);

    private long ToUs(uint difference) => (int)difference * 1_000_000L / _clockHz;

    private int IndexOf(ushort sequence) => sequence & (_slots.Length - 1);
}
