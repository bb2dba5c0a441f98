using System.Runtime.CompilerServices;
using CallTracker.Media.Codecs;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// The digits of one side of a session: hears them in what the side sends, takes them out of it where the plan says
/// so, and tells them to the other side. Lent by <see cref="DtmfDesk"/> while the side has a plan; its worker alone
/// touches it. Allocates nothing after construction.
/// </summary>
internal sealed class DigitPath : IDigitSink
{
    // A frame of 60 ms at 8 kHz; what is longer is heard in parts.
    private const int SamplesMax = 480;
    // Audio that rests longer than this has let go of the key.
    private const int AudioExpiryMs = 200;
    private const int PauseMs = 40;
    // Packets that may be missing inside a tone; nobody can tell what was in more.
    private const int MissingMax = 3;
    private const int NewsMax = 8;
    private readonly DtmfCounters _counters;
    private readonly DigitWriter _writer = new();
    private readonly DtmfDetector _detector = new();
    private readonly short[] _samples = new short[SamplesMax];
    private DtmfPlan _plan;
    private TelephoneEventReceiver _events;
    private TelephoneEventMapper _mapper;
    private News _news;
    private int _newsCount;
    private long _audioMs;
    private bool _isRefused;

    public DigitPath(DtmfCounters counters) => _counters = counters;

    /// <summary>Place in the desk's list of active paths; -1 while it is not there.</summary>
    public int ListIndex { get; set; } = -1;

    /// <summary>The side whose digits these are.</summary>
    public int SideNumber { get; private set; }

    /// <summary>True while time must pass for it: a key is down, or a digit is being told.</summary>
    public bool IsActive => _writer.IsBusy || _events.IsOpen || _detector.IsOn;

    /// <summary>Digits that were pressed and not yet taken.</summary>
    public bool HasNews => _newsCount > 0;

    /// <summary>True when the other side would see the numbers of its stream jump without us.</summary>
    public bool IsMoved => _writer.Stream.IsMoved;

    public DtmfPlan Plan => _plan;

    public void Open(int sideNumber) => SideNumber = sideNumber;

    /// <summary>Goes by another plan from now on; what is heard and told at the moment goes on.</summary>
    public void Set(in DtmfPlan plan)
    {
        _plan = plan;
        _writer.Set(plan.To);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _plan = default;
        (_events, _mapper, _newsCount, _isRefused) = (default, default, 0, false);
        _detector.Clear();
        _writer.Clear();
    }

    /// <summary>Hears a packet of the side; true when it is to be sent on, perhaps changed.</summary>
    public bool TryPass(ref RtpHeader header, Span<byte> packet, long nowMs)
    {
        if (_writer.Stream.IsOther(header)) Restart();
        if (_plan.From.Events.TryFindClock(header.PayloadType, out var clockHz))
            return TryPassEvent(ref header, packet, clockHz, nowMs);
        if (DtmfTone.CanPlay(header.PayloadType)) TakeAudio(header, packet, nowMs);
        if (!_writer.Holds(header)) return _writer.Stream.TryPass(ref header, packet, nowMs);
        _writer.Stream.Remove(header, keepsTime: true, nowMs);
        return false;
    }

    /// <summary>A digit that came another way than in the stream; it is told as if it had been heard.</summary>
    public void Enter(byte key, int durationMs)
    {
        _counters.AddHeard(DtmfWay.Info);
        if (_plan.To.Way is DtmfWay.Pass or DtmfWay.Info) return;
        if (_writer.TryAdd(key, durationMs)) _counters.AddTold(_plan.To.Way);
        else _counters.AddLost();
    }

    /// <summary>Lets time pass: keys whose end never came are let go.</summary>
    public void Expire(long nowMs)
    {
        var self = this;
        _events.Expire(nowMs, ref self);
        if (_detector.IsOn && nowMs - _audioMs >= AudioExpiryMs) _detector.Stop(ref self);
    }

    /// <summary>Writes what the other side is sent in this step of 20 ms; false when that is nothing.</summary>
    public bool TryStep(long nowMs, ulong random, Span<byte> packet, out int length) =>
        _writer.TryStep(nowMs, random, packet, out length);

    /// <summary>Takes the oldest of the digits that were pressed.</summary>
    public Digit TakeNews()
    {
        var oldest = _news[0];
        _newsCount--;
        for (var i = 0; i < _newsCount; i++) _news[i] = _news[i + 1];
        return oldest;
    }

    public void OnBegin(byte key)
    {
        _isRefused = false;
        if (_plan.To.Way is DtmfWay.Pass or DtmfWay.Info || _plan.MapsEvents) return;
        _isRefused = !_writer.TryBegin(key);
    }

    public void OnEnd(byte key, int durationMs)
    {
        _counters.AddHeard(_plan.From.Way);
        if (_isRefused) _counters.AddLost();
        else if (_plan.To.Way != DtmfWay.Pass) _counters.AddTold(_plan.To.Way);
        if (_plan.To.Way is DtmfWay.Rfc4733 or DtmfWay.InBand && !_plan.MapsEvents) _writer.End(durationMs);
        // One packet ends two keys at most, and all are taken after each packet.
        if (_newsCount < NewsMax) _news[_newsCount++] = new Digit(key, durationMs);
    }

    private void Restart()
    {
        var self = this;
        _events.Reset(ref self);
        _detector.Stop(ref self);
        _mapper = default;
    }

    private bool TryPassEvent(ref RtpHeader header, Span<byte> packet, int clockHz, long nowMs)
    {
        var self = this;
        var keepsTime = clockHz == _plan.From.AudioClockHz;
        var payload = PayloadOf(header, packet);
        var isRead = TelephoneEvent.TryParse(payload, out var value);
        if (isRead) _events.Take(value, header.Timestamp, clockHz, header.Marker, nowMs, ref self);
        if (!_plan.Removes) return _writer.Stream.TryPass(ref header, packet, nowMs);
        var goesOn = isRead && _plan.MapsEvents && TryMap(ref header, packet, payload, value, clockHz, nowMs);
        if (goesOn) return _writer.Stream.TryPass(ref header, packet, nowMs);
        _writer.Stream.Remove(header, keepsTime, nowMs);
        return false;
    }

    private bool TryMap(
        ref RtpHeader header, Span<byte> packet, Span<byte> payload, TelephoneEvent value, int clockHz, long nowMs)
    {
        if (_plan.To.EventClockHz <= 0) return false;
        var timestamp = header.Timestamp;
        var begin = clockHz == _plan.To.AudioClockHz
            ? timestamp
            : _writer.Stream.TimestampAt(nowMs, _plan.To.AudioClockHz);
        if (!_mapper.TryMap(ref value, ref timestamp, clockHz, _plan.To.EventClockHz, begin)) return false;
        value.Write(payload);
        return RtpHeader.TryRetype(packet, _plan.To.EventType, timestamp, out header);
    }

    private void TakeAudio(in RtpHeader header, Span<byte> packet, long nowMs)
    {
        _writer.NoteAudio(header.PayloadType);
        if (_plan.From.Way != DtmfWay.InBand) return;
        var payload = PayloadOf(header, packet);
        if (_writer.Stream.IsNewer(header)) Listen(header, payload, nowMs);
        if (_detector.IsOn && _plan.Removes) payload.Fill(DtmfTone.SilenceOf(header.PayloadType));
    }

    // A source that falls silent between words leaves its numbers whole and lets time pass; where packets are lost,
    // the tone may have gone on in them.
    private void Listen(in RtpHeader header, ReadOnlySpan<byte> payload, long nowMs)
    {
        var self = this;
        ref readonly var stream = ref _writer.Stream;
        var missing = stream.MissingBefore(header);
        var restedMs = (stream.TimeSince(header) / (DtmfTone.SampleRateHz / 1000)) - (payload.Length / 8);
        var hasRested = missing == 0 && restedMs >= PauseMs;
        if (hasRested || missing > MissingMax) _detector.Stop(ref self);
        _audioMs = nowMs;
        while (!payload.IsEmpty)
        {
            var count = header.PayloadType == DtmfTone.PcmaType
                ? G711.DecodeALaw(payload, _samples)
                : G711.DecodeMuLaw(payload, _samples);
            _detector.Take(_samples.AsSpan(0, count), ref self);
            payload = payload[count..];
        }
    }

    // What lies between header and padding; all of it where the padding makes no sense.
    private static Span<byte> PayloadOf(in RtpHeader header, Span<byte> packet)
    {
        var end = packet.Length;
        var isPadded = (packet[0] & 0x20) != 0;
        if (isPadded && end - packet[^1] >= header.HeaderLength) end -= packet[^1];
        return packet[header.HeaderLength..end];
    }

    [InlineArray(NewsMax)]
    private struct News
    {
        private Digit _first;
    }
}
