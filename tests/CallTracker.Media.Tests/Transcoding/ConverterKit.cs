using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Rtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>A converter, a sender before it that has the codec it is asked for, and what comes out.</summary>
internal sealed class ConverterKit : IDisposable
{
    public const uint OwnSsrc = 0x00c0_ffee;
    private readonly CodecPool _pool = new();
    private readonly AudioConverter _converter;
    private readonly byte[] _buffer = new byte[1400];
    private AudioEncoder? _encoder;

    public ConverterKit(AudioTerms from, AudioTerms to)
    {
        (From, To) = (from, to);
        _converter = new AudioConverter(_pool);
        _converter.Begin(OwnSsrc, 0x1234_5678_9abc_def0);
        _converter.Set(from, to);
    }

    public AudioTerms From { get; }

    public AudioTerms To { get; }

    public AudioConverter Converter => _converter;

    public CodecPool Pool => _pool;

    public List<(RtpHeader Header, byte[] Payload)> Out { get; } = [];

    public uint Ssrc { get; set; } = 0x77;

    public ushort Sequence { get; set; } = 65_530;

    public uint Timestamp { get; set; } = uint.MaxValue - 3000;

    public static AudioTerms Terms(params AudioCodec[] codecs) => Terms(0, codecs);

    /// <summary>Dynamic types are 96 and the codec's number; others have their own.</summary>
    public static AudioTerms Terms(int ptimeMs, params AudioCodec[] codecs)
    {
        var formats = default(AudioFormats);
        foreach (var codec in codecs) formats = formats.With(codec, TypeOf(codec));
        return new AudioTerms(formats, ptimeMs);
    }

    public static int TypeOf(AudioCodec codec) =>
        AudioCodecs.StaticType(codec) >= 0 ? AudioCodecs.StaticType(codec) : 96 + (int)codec;

    /// <summary>Sends audio in packets of a length.</summary>
    public void Speak(AudioCodec codec, ReadOnlySpan<short> samples, int ms = 20, bool marker = false)
    {
        _encoder ??= _pool.RentEncoder(codec, 16_000);
        var frame = _encoder.SampleRateHz * ms / 1000;
        for (; samples.Length >= frame; samples = samples[frame..])
        {
            var payload = new byte[_encoder.BytesMax(frame)];
            var length = _encoder.Encode(samples[..frame], payload);
            Put(TypeOf(codec), payload.AsSpan(0, length), marker).ShouldBeTrue();
            Timestamp += (uint)(AudioCodecs.ClockRateHz(codec) * ms / 1000);
            marker = false;
        }
    }

    /// <summary>One packet with the next sequence number and the present timestamp.</summary>
    public bool Put(int type, ReadOnlySpan<byte> payload, bool marker = false)
    {
        var packet = new byte[12];
        (packet[0], packet[1]) = (0x80, (byte)(type | (marker ? 0x80 : 0)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
        RtpHeader.Parse(packet, paddingReadable: true, out var header).ShouldBe(RtpParseResult.Ok);
        var sink = new Sink(_buffer, Out);
        return _converter.TryPut(header, payload, ref sink);
    }

    /// <summary>All that came out, decoded, without what is no audio.</summary>
    public short[] Heard(AudioCodec codec, int rateHz = 16_000)
    {
        using var pool = new CodecPool();
        var decoder = pool.RentDecoder(codec, rateHz);
        var samples = new List<short>();
        var frame = new short[5760];
        foreach (var (header, payload) in Out.Where(p => p.Header.PayloadType == TypeOf(codec)))
            samples.AddRange(frame[..decoder.Decode(payload, frame)]);
        pool.Return(decoder);
        return [.. samples];
    }

    public void Dispose()
    {
        _converter.End();
        _pool.Return(_encoder);
        _pool.Lent.ShouldBe(0);
        _pool.Dispose();
    }

    private readonly struct Sink(byte[] buffer, List<(RtpHeader, byte[])> packets) : IRtpSink
    {
        public Span<byte> Buffer => buffer;

        public void Send(int length)
        {
            RtpHeader.Parse(buffer.AsSpan(0, length), paddingReadable: true, out var header)
                .ShouldBe(RtpParseResult.Ok);
            packets.Add((header, buffer[header.HeaderLength..length]));
        }
    }
}
