using System.Buffers.Binary;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// Keeps the numbers of a relayed stream whole while packets are taken out of it and others put in (RFC 3550 section
/// 5.1): what is put in has the stream's own source and the next number, and all that follows is moved by one; what is
/// taken out leaves no hole that would look like a loss. As long as neither happens, packets pass unchanged.
/// No clock, no allocation.
/// </summary>
internal struct RtpSplice
{
    // The longest silence that the timeline is carried on over: beyond, the source may have begun anew.
    private const int StaleMsMax = 600_000;
    // Further back than this is no late packet: the source counts from elsewhere.
    private const int LateMax = 1000;
    private const int TimeLateMax = 1_000_000;
    // Moves of numbers that are remembered for late packets, and for how many packets.
    private const int MovesMax = 2;
    private const int MemoryMax = 0x4000;
    private ushort _lastIn;
    private ushort _lastOut;
    private ushort _shift;
    private ushort _shiftFrom;
    private ushort _formerShift;
    private ushort _formerFrom;
    private int _moves;
    private uint _timestamp;
    private long _heardMs;

    /// <summary>True once a packet has shown what the stream is.</summary>
    public bool HasStream { get; private set; }

    public uint Ssrc { get; private set; }

    /// <summary>True when numbers sent differ from those received: from here on the stream needs its splice.</summary>
    public readonly bool IsMoved => _shift != 0;

    /// <summary>The newest timestamp.</summary>
    public readonly uint Timestamp => _timestamp;

    /// <summary>True when a packet is of another source than those before: everything begins anew.</summary>
    public readonly bool IsOther(in RtpHeader header) => !HasStream || header.Ssrc != Ssrc;

    /// <summary>True when a packet is newer than all before.</summary>
    public readonly bool IsNewer(in RtpHeader header) =>
        IsOther(header) || (short)(header.Sequence - _lastIn) is > 0 or < -LateMax;

    /// <summary>Packets that are missing between the newest and this newer one.</summary>
    public readonly int MissingBefore(in RtpHeader header) =>
        IsOther(header) ? 0 : (ushort)(header.Sequence - _lastIn - 1);

    /// <summary>How far a packet's timestamp lies behind the newest one's; 0 when it is the first.</summary>
    public readonly int TimeSince(in RtpHeader header) =>
        IsOther(header) ? 0 : unchecked((int)(header.Timestamp - _timestamp));

    /// <summary>
    /// Lets a packet through under its number in the spliced stream; false for one so late that its number may have
    /// been given to another.
    /// </summary>
    public bool TryPass(ref RtpHeader header, Span<byte> packet, long nowMs)
    {
        if (!TryPlace(header, keepsTime: true, nowMs, out var sequence)) return false;
        if (sequence == header.Sequence) return true;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        return RtpHeader.Parse(packet, paddingReadable: false, out header) == RtpParseResult.Ok;
    }

    /// <summary>Takes a packet out.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="keepsTime">False when its timestamp is of another clock than the stream's.</param>
    /// <param name="nowMs">When it came.</param>
    public void Remove(in RtpHeader header, bool keepsTime, long nowMs)
    {
        var isNewer = IsNewer(header);
        if (!TryPlace(header, keepsTime, nowMs, out _) || !isNewer) return;
        _lastOut--;
        Move(-1);
    }

    /// <summary>The number of a packet that is put in behind all others.</summary>
    public ushort Insert()
    {
        Move(1);
        return ++_lastOut;
    }

    /// <summary>A source of our own, where there is none to continue.</summary>
    public void Begin(uint ssrc, ushort sequence, uint timestamp, long nowMs)
    {
        this = default;
        (Ssrc, _lastIn, _lastOut, _timestamp, _heardMs) = (ssrc, sequence, sequence, timestamp, nowMs);
        HasStream = true;
    }

    /// <summary>The stream's timestamp at this moment, by its last packet and the time since.</summary>
    public readonly uint TimestampAt(long nowMs, int clockHz)
    {
        var sinceMs = Math.Clamp(nowMs - _heardMs, 0, StaleMsMax);
        return unchecked(_timestamp + (uint)(sinceMs * clockHz / 1000));
    }

    public void Clear() => this = default;

    private bool TryPlace(in RtpHeader header, bool keepsTime, long nowMs, out ushort sequence)
    {
        if (IsOther(header)) Begin(header.Ssrc, (ushort)(header.Sequence - 1), header.Timestamp, nowMs);
        sequence = (ushort)(header.Sequence + _shift);
        if (IsNewer(header))
        {
            var ahead = (short)(header.Sequence - _lastIn);
            if (ahead < 0 || (ushort)(header.Sequence - _shiftFrom) > MemoryMax) _moves = 0;
            (_lastIn, _lastOut) = (header.Sequence, sequence);
            if (keepsTime) NoteTime(header, nowMs);
            return true;
        }
        if (_moves == 0 || (short)(header.Sequence - _shiftFrom) >= 0) return true;
        sequence = (ushort)(header.Sequence + _formerShift);
        return _moves == 1 || (short)(header.Sequence - _formerFrom) >= 0;
    }

    // Events repeat the timestamp of their beginning, which may lie behind.
    private void NoteTime(in RtpHeader header, long nowMs)
    {
        if (TimeSince(header) is <= 0 and > -TimeLateMax) return;
        (_timestamp, _heardMs) = (header.Timestamp, nowMs);
    }

    // Numbers from the next one on.
    private void Move(int by)
    {
        var from = (ushort)(_lastIn + 1);
        if (_moves == 0 || from != _shiftFrom)
        {
            (_formerShift, _formerFrom, _shiftFrom) = (_shift, _shiftFrom, from);
            _moves = Math.Min(MovesMax, _moves + 1);
        }
        _shift = (ushort)(_shift + by);
    }
}
