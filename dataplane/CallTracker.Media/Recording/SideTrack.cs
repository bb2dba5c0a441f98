using CallTracker.Media.Rtp;

namespace CallTracker.Media.Recording;

/// <summary>
/// One side of a recording: takes its packets in whatever order they come and lays their sound on the recording's
/// clock. What is missing by sequence number is lost, what is missing by timestamp alone was never sent. The writer's
/// thread.
/// </summary>
internal sealed class SideTrack(RecordingDecoders decoders)
{
    private const int MisorderMax = 64;
    private const int DropoutMax = 3000;
    private const int UsualPacketSamples = 160;
    // A packet of a second is longer than any; more is no audio packet, whatever it says.
    private const int PacketSamplesMax = 1000 * SideWindow.SamplesPerMs;
    private readonly SideWindow _window = new();
    private SideClock _clock;
    private SecondAccount _beside;
    private bool _isStarted;
    private bool _hasAudio;
    private uint _ssrc;
    private ushort _sequence;
    private ushort _audioSequence;
    private uint _audioTimestamp;
    private int _packetSamples;
    // RTP time of a sample of 8 kHz, in the codec that came last.
    private int _ticksPerSample;
    private SideDecoder? _decoder;
    private ulong _seen;
    private RecordedTypes _formats;
    private RecordedTypes _others;

    /// <summary>Times that the side's clock was not believed.</summary>
    public int Corrections => _clock.Corrections;

    public void Reset()
    {
        _window.Reset();
        (_clock, _beside) = (default, default);
        (_isStarted, _hasAudio, _packetSamples, _seen) = (false, false, UsualPacketSamples, 0);
        Release();
    }

    /// <summary>Gives back what was lent for the recording.</summary>
    public void Release()
    {
        if (_decoder is not null) decoders.Return(_decoder);
        _decoder = null;
    }

    /// <summary>
    /// What payload types mean: what the other side asked for, and where that says nothing what this side would take
    /// itself.
    /// </summary>
    public void SetFormats(RecordedTypes formats, RecordedTypes others) => (_formats, _others) = (formats, others);

    /// <summary>The next packet begins a stream: nothing before it is missed.</summary>
    public void BeginAnew() => _isStarted = false;

    /// <summary>Takes a packet; what is no RTP is passed over.</summary>
    /// <param name="packet">As it was accepted, opened if it was secure.</param>
    /// <param name="atMs">When it came, on the recording's clock.</param>
    /// <param name="dropped">How many before it the recorder had no room for.</param>
    public void Take(ReadOnlySpan<byte> packet, long atMs, int dropped)
    {
        if (RtpHeader.Parse(packet, paddingReadable: true, out var header) != RtpParseResult.Ok) return;
        var step = (short)(header.Sequence - _sequence);
        if (!_isStarted || header.Ssrc != _ssrc || step is > DropoutMax or < -MisorderMax) Restart(header, out step);
        if (IsDuplicate(step))
        {
            _beside.Duplicates++;
            return;
        }
        Advance(header.Sequence, step);
        var payload = packet[header.HeaderLength..^header.PaddingLength];
        var codec = CodecOf(header.PayloadType);
        if (codec >= RecordedCodec.G722) TakeCoded(header, payload, codec, step, atMs, dropped);
        else TakePlain(header, payload, codec, step, atMs, dropped);
    }

    /// <summary>The recording ends, and packets that nothing follows had found no room.</summary>
    public void MissLast(int dropped, long atMs) =>
        _window.Mark(atMs - ((long)dropped * PacketMs), atMs, SoundKind.Overflow);

    /// <summary>Takes the oldest milliseconds out.</summary>
    public SecondAccount TakeOut(int lengthMs, Span<byte> samples)
    {
        // A packet that waits is younger than what is due, unless its stream has ended.
        var end = (_window.StartMs + lengthMs) * SideWindow.SamplesPerMs;
        if (_decoder is not null) _beside.Late += _decoder.Flush(_window, end);
        var account = _window.Take(lengthMs, samples);
        (account.Late, account.Duplicates) = (_beside.Late, _beside.Duplicates);
        _beside = default;
        return account;
    }

    private RecordedCodec CodecOf(byte payloadType) =>
        _formats.CodecOf(payloadType) is var codec and not RecordedCodec.Other ? codec : _others.CodecOf(payloadType);

    private int PacketMs => Math.Max(1, _packetSamples / SideWindow.SamplesPerMs);

    private void Restart(in RtpHeader header, out short step)
    {
        (_isStarted, _hasAudio, _ssrc, _seen) = (true, false, header.Ssrc, 0);
        (_sequence, step) = ((ushort)(header.Sequence - 1), 1);
        if (_decoder is not null) _beside.Late += _decoder.Restart(_window);
    }

    // Bit n stands for the packet n before the newest.
    private bool IsDuplicate(short step) => step <= 0 && (_seen & (1UL << -step)) != 0;

    private void Advance(ushort sequence, short step)
    {
        if (step <= 0)
        {
            _seen |= 1UL << -step;
            return;
        }
        _seen = step >= 64 ? 1 : (_seen << step) | 1;
        _sequence = sequence;
    }

    private void TakePlain(
        in RtpHeader header, ReadOnlySpan<byte> payload, RecordedCodec codec, short step, long atMs, int dropped)
    {
        // It has its number in the order of the coded ones, too.
        if (_decoder is not null) PassOver(header);
        if (codec == RecordedCodec.Other)
        {
            MarkUnrecordable(step, atMs);
            return;
        }
        if (codec is not (RecordedCodec.MuLaw or RecordedCodec.ALaw)) return;
        if (payload.IsEmpty || payload.Length > PacketSamplesMax) return;
        var position = Place(header, payload.Length, 1, step, atMs, dropped);
        if (position >= 0) _beside.Late += _window.Write(position, payload, codec == RecordedCodec.ALaw);
    }

    private void TakeCoded(
        in RtpHeader header, ReadOnlySpan<byte> payload, RecordedCodec codec, short step, long atMs, int dropped)
    {
        if (_decoder?.Codec != codec && !TryChange(codec))
        {
            MarkUnrecordable(step, atMs);
            return;
        }
        var samples = _decoder!.SamplesIn(payload);
        if (payload.Length > SideDecoder.PayloadLengthMax || samples is 0 or > PacketSamplesMax)
        {
            PassOver(header);
            MarkUnrecordable(step, atMs);
            return;
        }
        var position = Place(header, samples, _decoder.TicksPerSample, step, atMs, dropped);
        if (position >= 0) _beside.Late += _decoder.Put(header.Sequence, position, payload, _window);
    }

    private void PassOver(in RtpHeader header) =>
        _beside.Late += _decoder!.Put(header.Sequence, SideDecoder.NoPosition, default, _window);

    // The codec changed in mid-call.
    private bool TryChange(RecordedCodec codec)
    {
        if (_decoder is not null) _beside.Late += _decoder.Flush(_window);
        Release();
        _decoder = decoders.TryRent(codec);
        return _decoder is not null;
    }

    private void MarkUnrecordable(short step, long atMs) =>
        _window.Mark(atMs, atMs + (PacketMs * Math.Max((int)step, 1)), SoundKind.Unrecordable);

    // Where a packet's first sample lies on the recording's clock; negative when that cannot be told.
    private long Place(in RtpHeader header, int samples, int ticksPerSample, short step, long atMs, int dropped)
    {
        // Another clock is another stream (RFC 7160), and what comes late of the one before cannot be placed.
        if (ticksPerSample != _ticksPerSample && step > 0) _hasAudio = false;
        if (step > 0) return PlaceNext(header, samples, ticksPerSample, step, atMs, dropped);
        return _hasAudio && ticksPerSample == _ticksPerSample ? _clock.Of(header.Timestamp) : -1;
    }

    private long PlaceNext(in RtpHeader header, int samples, int ticksPerSample, short step, long atMs, int dropped)
    {
        var arrival = atMs * SideWindow.SamplesPerMs;
        var steps = (ushort)(header.Sequence - _audioSequence);
        var isContinuous = header.Timestamp - _audioTimestamp == (uint)(steps * _packetSamples * ticksPerSample);
        var position = _hasAudio
            ? _clock.Next(header.Timestamp, isContinuous, arrival)
            : _clock.Begin(header.Timestamp, ticksPerSample, arrival);
        if (step > 1) MarkMissing(position, step - 1, dropped);
        (_hasAudio, _audioSequence, _audioTimestamp) = (true, header.Sequence, header.Timestamp);
        (_packetSamples, _ticksPerSample) = (samples, ticksPerSample);
        return position;
    }

    // Those that the recorder had no room for were the last to come.
    private void MarkMissing(long position, int missing, int dropped)
    {
        var endMs = position / SideWindow.SamplesPerMs;
        var overflowMs = (long)Math.Min(dropped, missing) * PacketMs;
        _window.Mark(endMs - ((long)missing * PacketMs), endMs - overflowMs, SoundKind.Lost);
        _window.Mark(endMs - overflowMs, endMs, SoundKind.Overflow);
    }
}
