using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Transcoding;

/// <summary>
/// One direction of a converted call: takes the packets of one side and makes those for the other, with a source,
/// sequence and timestamps of its own. Audio that the other side understands passes with its payload; other audio is
/// decoded and encoded; digits and comfort noise are renumbered. A packet that was lost stays lost, so that the far end
/// conceals it and its reports tell of it. Lent by <see cref="TranscodePath"/>; allocates nothing for a packet.
/// </summary>
internal sealed class AudioConverter
{
    private const int FrameMsUsual = 20;
    private const int FrameMsMax = 60;
    // What an Ethernet packet holds, whatever tunnels it goes through.
    private const int FrameBytesMax = 1280;
    private const int RateHzMax = 16_000;
    private const int EventLength = 4;
    private const byte MarkerBit = 0x80;
    /// <summary>How fast its packets may come.</summary>
    public PacketPace Pace;
    private readonly CodecPool _pool;
    private readonly AudioCodec[] _codecs = new AudioCodec[128];
    private readonly short[] _decoded = new short[AudioCodecs.PacketMsMax * RateHzMax / 1000];
    private readonly SampleQueue _queue = new((AudioCodecs.PacketMsMax + FrameMsMax) * RateHzMax / 1000);
    private readonly LossConcealer _narrow = new(8000);
    private readonly LossConcealer _wide = new(RateHzMax);
    private readonly ComfortNoise _noise = new();
    private readonly Resampler _up = new(8000, RateHzMax);
    private readonly Resampler _down = new(RateHzMax, 8000);
    private AudioDecoder? _decoder;
    private AudioEncoder? _encoder;
    private RtpTimeline _timeline;
    private AudioTerms _from;
    private AudioTerms _to;
    private AudioCodec _target;
    private uint _ssrc;
    private ushort _sequence;
    private uint _queueTimestamp;
    private uint _eventIn;
    private uint _eventOut;
    private bool _hasEvent;
    private bool _isMarkerDue;
    private int _frameSamples;

    public AudioConverter(CodecPool pool) => _pool = pool;

    /// <summary>The source of what it sends.</summary>
    public uint OwnSsrc => _ssrc;

    /// <summary>The source heard last.</summary>
    public uint SourceSsrc => _timeline.SourceSsrc;

    /// <summary>Packets it sent.</summary>
    public uint PacketsSent { get; private set; }

    /// <summary>Payload bytes of those.</summary>
    public uint OctetsSent { get; private set; }

    /// <summary>The moment of a source's timestamp, on the clock of what goes out.</summary>
    public uint TimestampOf(uint timestamp) => _timeline.Project(timestamp);

    /// <summary>A length of time on the clock of what goes out, on the source's.</summary>
    public uint SourceTimeOf(uint time) => _timeline.Reflect(time);

    /// <summary>Begins a stream.</summary>
    /// <param name="ssrc">Its source.</param>
    /// <param name="random">For where its sequence and timestamps begin (RFC 3550 section 5.1).</param>
    public void Begin(uint ssrc, ulong random)
    {
        (_ssrc, _sequence, _queueTimestamp) = (ssrc, (ushort)random, (uint)(random >> 16));
        (_from, _to, _target) = (default, default, AudioCodec.None);
        (PacketsSent, OctetsSent, Pace) = (0, 0, default);
    }

    /// <summary>Says what comes and what is wanted; a stream that runs goes on with its source and numbers.</summary>
    public void Set(in AudioTerms from, in AudioTerms to)
    {
        if (from == _from && to == _to) return;
        (_from, _to, _target) = (from, to, to.TargetBeside(from));
        Array.Clear(_codecs);
        for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.Event48; codec++)
        {
            if (from.Formats.Has(codec)) _codecs[from.Formats.TypeOf(codec)] = codec;
        }
        Release();
        _timeline.Restart(AudioCodecs.ClockRateHz(_target));
    }

    /// <summary>Gives back what was lent for the stream.</summary>
    public void End()
    {
        Release();
        (_from, _to, _target) = (default, default, AudioCodec.None);
    }

    /// <summary>Takes one packet; false when nothing can be made of it.</summary>
    public bool TryPut<TSink>(in RtpHeader header, ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        var codec = _codecs[header.PayloadType];
        if (codec == AudioCodec.None && !_to.Formats.HasOthers) return false;
        if (!_timeline.TryTake(header.Ssrc, header.Sequence)) return false;
        if (_timeline.IsNew) Forget();
        if (AudioCodecs.IsEvent(codec)) return TryPutEvent(codec, header, payload, ref sink);
        if (codec == AudioCodec.ComfortNoise) return TryPutNoise(header, payload, ref sink);
        var isPassed = codec == AudioCodec.None || _to.Formats.Has(codec);
        return isPassed
            ? TryPass(codec, header, payload, ref sink)
            : TryConvert(codec, header, payload, ref sink);
    }

    private bool TryConvert<TSink>(
        AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        if (_decoder?.Codec != codec && !TryBegin(codec)) return false;
        var count = _decoder!.Decode(payload, _decoded);
        if (count == 0 || count > _decoder.SampleRateHz * AudioCodecs.PacketMsMax / 1000) return false;
        Place(header, AudioCodecs.ClockRateHz(codec), ref sink);
        Append(_decoded.AsSpan(0, count));
        SendFrames(ref sink);
        return true;
    }

    // Where the packet's audio stands behind that which waits; a hole in between is closed to a whole frame, then left.
    private void Place<TSink>(in RtpHeader header, int clockHz, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        var end = QueueEnd;
        var placed = _timeline.Place(header.Timestamp, clockHz, end);
        _isMarkerDue |= header.Marker || _timeline.IsNew;
        if (placed == end) return;
        Flush(SamplesOf(placed - end), ref sink);
        if (_queue.Count > 0) return;
        // The far end sees from the sequence what was lost, and from the timestamps alone what was not sent.
        if (_timeline.Lost > 0) _sequence += FramesBetween(_queueTimestamp, placed);
        _queueTimestamp = placed;
    }

    // Nothing more belongs to the frame that waits: what is missing of it is made up, up to a limit.
    private void Flush<TSink>(int samplesMax, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        if (_queue.Count == 0) return;
        var missing = Math.Min(_frameSamples - _queue.Count, samplesMax);
        Concealer.Conceal(_queue.Free[..missing]);
        _queue.Added(missing);
        SendFrames(ref sink);
    }

    private ushort FramesBetween(uint from, uint to)
    {
        return (ushort)Math.Min((to - from) / TimeOf(_frameSamples), (uint)_timeline.Lost * FrameMsMax / FrameMsUsual);
    }

    private void Append(Span<short> samples)
    {
        var room = _queue.Free;
        var count = samples.Length;
        if (_decoder!.SampleRateHz == _encoder!.SampleRateHz) samples.CopyTo(room);
        else count = (_decoder.SampleRateHz < _encoder.SampleRateHz ? _up : _down).Run(samples, room);
        Concealer.Take(room[..count]);
        _queue.Added(count);
    }

    private void SendFrames<TSink>(ref TSink sink)
        where TSink : struct, IRtpSink
    {
        while (_queue.Count >= _frameSamples)
        {
            var payload = sink.Buffer[RtpHeader.FixedLength..];
            var length = _encoder!.Encode(_queue.Peek(_frameSamples), payload);
            if (length > 0) Send(_to.Formats.TypeOf(_target), _queueTimestamp, _isMarkerDue, length, ref sink);
            _isMarkerDue &= length == 0;
            _queue.Drop(_frameSamples);
            _queueTimestamp += TimeOf(_frameSamples);
        }
    }

    // The payload is understood; only its numbers change.
    private bool TryPass<TSink>(
        AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        if (payload.Length > sink.Buffer.Length - RtpHeader.FixedLength) return false;
        var clockHz = codec == AudioCodec.None ? _timeline.OutClockHz : AudioCodecs.ClockRateHz(codec);
        var end = QueueEnd;
        var placed = _timeline.Place(header.Timestamp, clockHz, end);
        if (_encoder is not null) Flush(int.MaxValue, ref sink);
        payload.CopyTo(sink.Buffer[RtpHeader.FixedLength..]);
        _sequence += (ushort)_timeline.Lost;
        var type = codec == AudioCodec.None ? header.PayloadType : _to.Formats.TypeOf(codec);
        Send(type, placed, header.Marker || _timeline.IsNew, payload.Length, ref sink);
        // Its length is not known here; the next packet's timestamp tells it.
        _queueTimestamp = placed;
        return true;
    }

    private bool TryPutNoise<TSink>(in RtpHeader header, ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        var clockHz = AudioCodecs.ClockRateHz(AudioCodec.ComfortNoise);
        if (_to.Formats.Has(AudioCodec.ComfortNoise) && clockHz == _timeline.OutClockHz)
            return TryPass(AudioCodec.ComfortNoise, header, payload, ref sink);
        // Without audio before it there is no rate to make noise at, and nobody misses it.
        if (_encoder is null || !_noise.TryTake(payload)) return false;
        Place(header, clockHz, ref sink);
        var frame = _queue.Free[.._frameSamples];
        _noise.Fill(frame);
        _queue.Added(_frameSamples);
        SendFrames(ref sink);
        return true;
    }

    // RFC 4733 section 2.3: event | E R volume | duration. All packets of an event have the timestamp of its beginning.
    private bool TryPutEvent<TSink>(
        AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        var wanted = AudioCodecs.EventOf(_target);
        if (payload.Length < EventLength || !_to.Formats.Has(wanted)) return false;
        var clockHz = AudioCodecs.ClockRateHz(codec);
        if (!_hasEvent || header.Timestamp != _eventIn)
            (_hasEvent, _eventIn, _eventOut) = (true, header.Timestamp, Beside(header.Timestamp, clockHz));
        var digit = sink.Buffer.Slice(RtpHeader.FixedLength, EventLength);
        payload[..EventLength].CopyTo(digit);
        var duration = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) * (long)_timeline.OutClockHz / clockHz;
        BinaryPrimitives.WriteUInt16BigEndian(digit[2..], (ushort)Math.Min(duration, ushort.MaxValue));
        _sequence += (ushort)_timeline.Lost;
        Send(_to.Formats.TypeOf(wanted), _eventOut, header.Marker, EventLength, ref sink);
        return true;
    }

    private uint Beside(uint timestamp, int clockHz) => _timeline.PlaceBeside(timestamp, clockHz, QueueEnd);

    private void Send<TSink>(int type, uint timestamp, bool marker, int payloadLength, ref TSink sink)
        where TSink : struct, IRtpSink
    {
        var header = sink.Buffer;
        header[0] = 0x80;
        header[1] = (byte)(type | (marker ? MarkerBit : 0));
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], _ssrc);
        PacketsSent++;
        OctetsSent += (uint)payloadLength;
        sink.Send(RtpHeader.FixedLength + payloadLength);
    }

    private uint QueueEnd => _encoder is null ? _queueTimestamp : _queueTimestamp + TimeOf(_queue.Count);

    // The clock of G.722 runs at half its rate, that of Opus at several times the rate it is used at here.
    private uint TimeOf(int samples) => (uint)((long)samples * _timeline.OutClockHz / _encoder!.SampleRateHz);

    private int SamplesOf(uint time) =>
        (int)Math.Min((long)time * _encoder!.SampleRateHz / _timeline.OutClockHz, int.MaxValue);

    private LossConcealer Concealer => _encoder!.SampleRateHz == RateHzMax ? _wide : _narrow;

    private bool TryBegin(AudioCodec codec)
    {
        if (!AudioCodecs.IsConvertible(codec) || !AudioCodecs.IsConvertible(_target)) return false;
        Release();
        var rateHz = codec == AudioCodec.Opus ? AudioCodecs.SampleRateHz(_target) : AudioCodecs.SampleRateHz(codec);
        _decoder = _pool.RentDecoder(codec, rateHz);
        _encoder = _pool.RentEncoder(_target, rateHz);
        var ms = _to.PtimeMs is >= 10 and <= FrameMsMax ? _to.PtimeMs : FrameMsUsual;
        var samples = ms * _encoder.SampleRateHz / 1000;
        if (!_encoder.CanFrame(ms) || ms % 10 != 0 || IsTooLong(samples)) ms = FrameMsUsual;
        _frameSamples = ms * _encoder.SampleRateHz / 1000;
        return true;
    }

    private bool IsTooLong(int samples) => _target != AudioCodec.Opus && _encoder!.BytesMax(samples) > FrameBytesMax;

    // Another stream begins: nothing of the last one is heard in it.
    private void Forget()
    {
        _hasEvent = false;
        _queue.Clear();
        _decoder?.Reset();
        _narrow.Reset();
        _wide.Reset();
        _up.Reset();
        _down.Reset();
    }

    private void Release()
    {
        if (_encoder is not null) _queueTimestamp = QueueEnd;
        _pool.Return(_decoder);
        _pool.Return(_encoder);
        (_decoder, _encoder) = (null, null);
        Forget();
        _noise.Reset();
    }
}
