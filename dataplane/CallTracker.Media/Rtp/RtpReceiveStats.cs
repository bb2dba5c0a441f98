using CallTracker.Media.FastPath;

namespace CallTracker.Media.Rtp;

/// <summary>
/// What one received RTP stream measured: RFC 3550 appendix A.1 (sequence), A.3 (loss), A.8 (jitter). A relayed leg has
/// no probation: each accepted packet counts at once. Lives in the side it measures; its worker alone touches it.
/// </summary>
public struct RtpReceiveStats
{
    private const int DropoutMax = 3000;
    private const int MisorderMax = 100;
    private const int LongGapMs = 60;
    private const uint NoBadSequence = 0x1_0001;
    private bool _started;
    private bool _hasTransit;
    private ushort _maxSequence;
    private uint _ssrc;
    private uint _badSequence;
    private uint _lastTimestamp;
    private uint _lastTransit;
    private uint _jitterTimes16;
    private int _jitterClockHz;
    private ulong _seenBits;
    private ulong _spanExpected;
    private ulong _spanDistinct;
    private ulong _earlierExpected;
    private ulong _earlierLost;
    private ulong _jitterUsSum;
    private uint _jitterSamples;

    /// <summary>The source heard last; 0 before any.</summary>
    public readonly uint Ssrc => _ssrc;

    /// <summary>All packets taken, duplicates included.</summary>
    public ulong Packets { get; private set; }

    public ulong Bytes { get; private set; }

    /// <summary>Packets that came after one with a higher sequence number.</summary>
    public ulong Reordered { get; private set; }

    public ulong Duplicates { get; private set; }

    /// <summary>How often the stream began anew: another SSRC, or a jump of the sequence.</summary>
    public uint Restarts { get; private set; }

    public long FirstMs { get; private set; }

    public long LastMs { get; private set; }

    /// <summary>The longest time between two packets.</summary>
    public long GapMsMax { get; private set; }

    /// <summary>Times between two packets of more than 60 ms: at 20 ms a packet, two of them were not there.</summary>
    public uint LongGaps { get; private set; }

    /// <summary>Packets the sequence numbers promised, over all restarts.</summary>
    public readonly ulong Expected => _earlierExpected + _spanExpected;

    /// <summary>Promised packets that did not come; a late packet takes back its loss.</summary>
    public readonly ulong Lost => _earlierLost + (_spanExpected - Math.Min(_spanExpected, _spanDistinct));

    /// <summary>Interarrival jitter at this moment in microseconds; 0 as long as no clock rate was known.</summary>
    public readonly uint JitterUs => _jitterClockHz == 0 ? 0 : ToUs(_jitterTimes16, _jitterClockHz);

    /// <summary>The highest that <see cref="JitterUs"/> ever was.</summary>
    public uint JitterUsMax { get; private set; }

    /// <summary>Its mean over all packets that moved it; 0 before any.</summary>
    public readonly uint JitterUsMean => _jitterSamples == 0 ? 0 : (uint)(_jitterUsSum / _jitterSamples);

    /// <summary>Interarrival jitter in units of the stream's clock, as reports carry it.</summary>
    internal readonly uint JitterUnits => _jitterTimes16 >> 4;

    /// <summary>The highest sequence number of the present stream.</summary>
    internal readonly ushort MaxSequence => _maxSequence;

    /// <summary>The RTP timestamp of the packet that moved the jitter last.</summary>
    internal readonly uint LastTimestamp => _lastTimestamp;

    /// <summary>True once a timestamp is known, with its clock.</summary>
    internal readonly bool HasTimestamp => _hasTransit;

    /// <summary>Takes one packet into account.</summary>
    public void Add(in RtpHeader header, int datagramBytes, int clockRateHz, long nowMs)
    {
        AddOpaque(datagramBytes, nowMs);
        if (!_started || header.Ssrc != _ssrc)
        {
            BeginSpan(header);
            _hasTransit = false;
        }
        else
        {
            AddSequence(header);
        }
        AddTransit(header.Timestamp, clockRateHz, nowMs);
    }

    /// <summary>Counts a packet of another protocol than RTP: its arrival and its bytes.</summary>
    public void AddOpaque(int datagramBytes, long nowMs)
    {
        if (Packets == 0) FirstMs = nowMs;
        else AddGap(nowMs - LastMs);
        LastMs = nowMs;
        Packets++;
        Bytes += (ulong)datagramBytes;
    }

    /// <summary>Writes all of it for the kernel, which goes on from there (relay.bpf.c does as this does).</summary>
    internal readonly void Save(ref FlowStats to)
    {
        to.Packets = Packets;
        to.Bytes = Bytes;
        to.Reordered = Reordered;
        to.Duplicates = Duplicates;
        to.SeenBits = _seenBits;
        to.SpanExpected = _spanExpected;
        to.SpanDistinct = _spanDistinct;
        to.EarlierExpected = _earlierExpected;
        to.EarlierLost = _earlierLost;
        to.FirstMs = FirstMs;
        to.LastMs = LastMs;
        to.GapMsMax = GapMsMax;
        to.Restarts = Restarts;
        to.Ssrc = _ssrc;
        to.BadSequence = _badSequence;
        to.LastTimestamp = _lastTimestamp;
        to.LastTransit = _lastTransit;
        to.JitterClockHz = _jitterClockHz;
        to.JitterTimes16 = _jitterTimes16;
        to.MaxSequence = _maxSequence;
        to.Started = _started ? (byte)1 : (byte)0;
        to.HasTransit = _hasTransit ? (byte)1 : (byte)0;
        to.JitterUsSum = _jitterUsSum;
        to.JitterUsMax = JitterUsMax;
        to.JitterSamples = _jitterSamples;
        to.LongGaps = LongGaps;
    }

    /// <summary>Takes all of it back.</summary>
    internal void Restore(in FlowStats from)
    {
        Packets = from.Packets;
        Bytes = from.Bytes;
        Reordered = from.Reordered;
        Duplicates = from.Duplicates;
        _seenBits = from.SeenBits;
        _spanExpected = from.SpanExpected;
        _spanDistinct = from.SpanDistinct;
        _earlierExpected = from.EarlierExpected;
        _earlierLost = from.EarlierLost;
        FirstMs = from.FirstMs;
        LastMs = from.LastMs;
        GapMsMax = from.GapMsMax;
        Restarts = from.Restarts;
        _ssrc = from.Ssrc;
        _badSequence = from.BadSequence;
        _lastTimestamp = from.LastTimestamp;
        _lastTransit = from.LastTransit;
        _jitterClockHz = from.JitterClockHz;
        _jitterTimes16 = from.JitterTimes16;
        _maxSequence = from.MaxSequence;
        _started = from.Started != 0;
        _hasTransit = from.HasTransit != 0;
        _jitterUsSum = from.JitterUsSum;
        JitterUsMax = from.JitterUsMax;
        _jitterSamples = from.JitterSamples;
        LongGaps = from.LongGaps;
    }

    private void AddGap(long gapMs)
    {
        GapMsMax = Math.Max(GapMsMax, gapMs);
        if (gapMs > LongGapMs) LongGaps++;
    }

    private void AddSequence(in RtpHeader header)
    {
        var ahead = (ushort)(header.Sequence - _maxSequence);
        if (ahead == 0)
        {
            Duplicates++;
        }
        else if (ahead < DropoutMax)
        {
            _seenBits = ahead < 64 ? (_seenBits << ahead) | 1 : 1;
            _maxSequence = header.Sequence;
            _spanExpected += ahead;
            _spanDistinct++;
            _badSequence = NoBadSequence;
        }
        else if (ahead > 0x1_0000 - MisorderMax)
        {
            AddLate(0x1_0000 - ahead);
        }
        else if (header.Sequence == _badSequence)
        {
            // Two packets in a row agree on the new place: the sender restarted (appendix A.1).
            BeginSpan(header);
            _hasTransit = false;
        }
        else
        {
            _badSequence = (ushort)(header.Sequence + 1);
        }
    }

    private void AddLate(int behind)
    {
        var bit = behind < 64 ? 1UL << behind : 0;
        if ((_seenBits & bit) != 0)
        {
            Duplicates++;
            return;
        }
        Reordered++;
        _seenBits |= bit;
        // What came before the first packet of this span was never expected, so it takes back no loss.
        if ((ulong)behind < _spanExpected) _spanDistinct++;
    }

    private void BeginSpan(in RtpHeader header)
    {
        if (_started)
        {
            Restarts++;
            _earlierLost = Lost;
            _earlierExpected = Expected;
        }
        _started = true;
        _ssrc = header.Ssrc;
        _maxSequence = header.Sequence;
        _badSequence = NoBadSequence;
        _seenBits = 1;
        _spanExpected = 1;
        _spanDistinct = 1;
    }

    // Packets that share a timestamp (DTMF events, RFC 4733) have no new sampling instant and say nothing of jitter.
    private void AddTransit(uint timestamp, int clockRateHz, long nowMs)
    {
        if (clockRateHz <= 0 || (_hasTransit && timestamp == _lastTimestamp)) return;
        if (clockRateHz != _jitterClockHz)
        {
            _jitterTimes16 = 0;
            _jitterClockHz = clockRateHz;
            _hasTransit = false;
        }
        var transit = unchecked((uint)(nowMs * clockRateHz / 1000) - timestamp);
        if (_hasTransit)
        {
            var difference = unchecked((int)(transit - _lastTransit));
            var distance = difference == int.MinValue ? int.MaxValue : Math.Abs(difference);
            var jitter = _jitterTimes16 + (ulong)distance - ((_jitterTimes16 + 8UL) >> 4);
            _jitterTimes16 = (uint)Math.Min(uint.MaxValue, jitter);
            AddJitter(ToUs(_jitterTimes16, clockRateHz));
        }
        _hasTransit = true;
        _lastTransit = transit;
        _lastTimestamp = timestamp;
    }

    private void AddJitter(uint jitterUs)
    {
        _jitterUsSum += jitterUs;
        _jitterSamples++;
        JitterUsMax = Math.Max(JitterUsMax, jitterUs);
    }

    private static uint ToUs(uint jitterTimes16, int clockRateHz) =>
        (uint)Math.Min(uint.MaxValue, jitterTimes16 * 62_500UL / (ulong)clockRateHz);
}
