using System.Buffers.Binary;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// Tells digits to one side in its audio stream, as telephone-event or tones: packets with the stream's own source,
/// put between those of the other side, whose audio rests meanwhile. Where nothing was relayed yet, the stream is our
/// own. Part of a <see cref="DigitPath"/>; its worker alone touches it.
/// </summary>
internal sealed class DigitWriter
{
    /// <summary>The longest packet written.</summary>
    public const int PacketLengthMax = RtpHeader.FixedLength + DtmfTone.FrameLength;
    private DigitPacer _pacer;
    private DtmfFormat _to;
    private uint _beginTimestamp;
    private uint _endTimestamp;
    private uint _ssrc;
    private int _soundCount;
    private byte _audioType;
    private bool _holds;

    /// <summary>The stream that they are put into.</summary>
    public RtpSplice Stream;

    /// <summary>True while a digit is being told or waits.</summary>
    public bool IsBusy => _pacer.IsBusy;

    /// <summary>True when digits can be told at all.</summary>
    public bool CanTell =>
        _to.Way == DtmfWay.Rfc4733 ? _to.EventClockHz > 0 : _to.Way == DtmfWay.InBand && DtmfTone.CanPlay(_audioType);

    /// <summary>Tells them in this form from now on.</summary>
    public void Set(in DtmfFormat to)
    {
        if (to.Way != _to.Way) _pacer.Clear();
        (_to, _audioType) = (to, to.AudioType);
    }

    public void Clear()
    {
        _pacer.Clear();
        Stream.Clear();
        (_to, _holds, _ssrc) = (default, false, 0);
    }

    public bool TryBegin(byte key) => CanTell && _pacer.TryBegin(key);

    public void End(int durationMs) => _pacer.End(durationMs);

    public bool TryAdd(byte key, int durationMs) => CanTell && _pacer.TryAdd(key, durationMs);

    /// <summary>
    /// True for audio that must not be sent on: while a digit is told, and what would overlap the end of a tone.
    /// </summary>
    public bool Holds(in RtpHeader header)
    {
        if (IsBusy) return true;
        if (!_holds) return false;
        var behind = unchecked((int)(_endTimestamp - header.Timestamp));
        // A timestamp far away is of another timeline.
        _holds = header.Ssrc == _ssrc && behind > 0 && behind < _to.AudioClockHz;
        return _holds;
    }

    /// <summary>Tones are played in the codec that is spoken.</summary>
    public void NoteAudio(byte payloadType)
    {
        if (DtmfTone.CanPlay(payloadType)) _audioType = payloadType;
    }

    /// <summary>Writes the packet of the next 20 ms; false when there is none.</summary>
    /// <param name="nowMs">The time of this step.</param>
    /// <param name="random">For a stream of our own.</param>
    /// <param name="packet">At least <see cref="PacketLengthMax"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryStep(long nowMs, ulong random, Span<byte> packet, out int length)
    {
        length = 0;
        var frame = _pacer.Step();
        if (frame.Kind == DigitFrameKind.None) return false;
        if (frame is { Kind: DigitFrameKind.Sound, Index: 0 }) BeginDigit(nowMs, random);
        // The stream changed under the digit: sent again under another source it would be a second one.
        if (Stream.Ssrc != _ssrc) return false;
        length = _to.Way == DtmfWay.Rfc4733 ? WriteEvent(frame, packet) : WriteTone(frame, packet);
        return length > 0;
    }

    private void BeginDigit(long nowMs, ulong random)
    {
        if (!Stream.HasStream) Stream.Begin((uint)random | 1, (ushort)(random >> 32), (uint)(random >> 16), nowMs);
        // After what was last heard, which lasts 20 ms in nearly all streams.
        var clockHz = StreamClockHz;
        var now = Stream.TimestampAt(nowMs, clockHz);
        var least = unchecked(Stream.Timestamp + (uint)(DtmfTone.FrameMs * clockHz / 1000));
        _beginTimestamp = unchecked((int)(now - least)) > 0 ? now : least;
        _ssrc = Stream.Ssrc;
    }

    private int StreamClockHz => _to.AudioClockHz > 0 ? _to.AudioClockHz : DtmfTone.SampleRateHz;

    // RFC 4733 section 2.5.1: updates with a growing duration, the end three times; beyond 16 bits of duration in
    // segments.
    private int WriteEvent(in DigitFrame frame, Span<byte> packet)
    {
        if (frame is { Kind: DigitFrameKind.Pause, Index: >= DigitPacer.PauseCount - 1 }) return 0;
        var units = (ulong)frame.ElapsedMs * (ulong)_to.EventClockHz / 1000;
        var segment = (units - 1) / ushort.MaxValue;
        var timestamp = unchecked(_beginTimestamp + (uint)(segment * ushort.MaxValue));
        var isFirst = frame is { Kind: DigitFrameKind.Sound, Index: 0 };
        WriteHeader(packet, _to.EventType, isFirst, timestamp);
        var duration = (ushort)(units - (segment * ushort.MaxValue));
        new TelephoneEvent(frame.Key, frame.IsEnd, TelephoneEvent.DefaultVolume, duration)
            .Write(packet[RtpHeader.FixedLength..]);
        return RtpHeader.FixedLength + TelephoneEvent.Length;
    }

    private int WriteTone(in DigitFrame frame, Span<byte> packet)
    {
        var isSound = frame.Kind == DigitFrameKind.Sound;
        if (isSound) _soundCount = frame.Index + 1;
        var index = isSound ? frame.Index : _soundCount + frame.Index;
        var timestamp = unchecked(_beginTimestamp + ((uint)index * DtmfTone.FrameLength));
        (_endTimestamp, _holds) = (unchecked(timestamp + DtmfTone.FrameLength), true);
        WriteHeader(packet, _audioType, isMarked: index == 0, timestamp);
        var payload = packet.Slice(RtpHeader.FixedLength, DtmfTone.FrameLength);
        if (isSound) DtmfTone.WriteFrame(frame.Key, frame.Index, _audioType, payload);
        else payload.Fill(DtmfTone.SilenceOf(_audioType));
        return PacketLengthMax;
    }

    private void WriteHeader(Span<byte> packet, byte payloadType, bool isMarked, uint timestamp)
    {
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (isMarked ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Stream.Insert());
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], _ssrc);
    }
}
