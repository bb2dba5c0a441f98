using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using CallTracker.Media.Codecs;
using CallTracker.Media.Rtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Benchmarks;

/// <summary>One packet of 20 ms through a converter.</summary>
public class TranscodeBenchmarks
{
    private readonly byte[] _packet = new byte[172];
    private readonly byte[] _buffer = new byte[1400];
    private readonly CodecPool _pool = new();
    private AudioConverter? _toG722;
    private AudioConverter? _toOpus;
    private ushort _sequence;

    [GlobalSetup]
    public void Setup()
    {
        _packet[0] = 0x80;
        for (var i = 12; i < _packet.Length; i++) _packet[i] = (byte)(i * 37);
        (_toG722, _toOpus) = (Converter(AudioCodec.G722), Converter(AudioCodec.Opus));
    }

    [Benchmark]
    public int PcmuToG722() => Convert(_toG722!);

    /// <summary>Where libopus is missing the packet is dropped.</summary>
    [Benchmark]
    public int PcmuToOpus() => Convert(_toOpus!);

    private AudioConverter Converter(AudioCodec codec)
    {
        var converter = new AudioConverter(_pool);
        converter.Begin(1, 2);
        converter.Set(Terms(AudioCodec.Pcmu, 0), Terms(codec, 97));
        return converter;
    }

    private static AudioTerms Terms(AudioCodec codec, int type) => new(default(AudioFormats).With(codec, type), 0);

    private int Convert(AudioConverter converter)
    {
        var header = Next();
        var sink = new Sink(_buffer);
        converter.TryPut(header, _packet.AsSpan(RtpHeader.FixedLength), ref sink);
        return _buffer[3];
    }

    private RtpHeader Next()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _sequence * 160u);
        return RtpHeader.Parse(_packet, paddingReadable: true, out var header) == RtpParseResult.Ok
            ? header
            : throw new InvalidOperationException("No RTP.");
    }

    private readonly struct Sink(byte[] buffer) : IRtpSink
    {
        public Span<byte> Buffer => buffer;

        public void Send(int length)
        {
        }
    }
}
