using BenchmarkDotNet.Attributes;
using CallTracker.Media.Codecs;

namespace CallTracker.Benchmarks;

/// <summary>20 ms of speech-like sound through each codec and the resampler.</summary>
public class CodecBenchmarks
{
    private readonly CodecPool _pool = new();
    private readonly short[] _narrow = new short[160];
    private readonly short[] _wide = new short[320];
    private readonly short[] _output = new short[960];
    private readonly byte[] _payload = new byte[1275];
    private readonly byte[] _g722Frame = new byte[160];
    private readonly Resampler _up = new(8000, 16_000);
    private readonly Resampler _down = new(48_000, 8000);
    private readonly short[] _full = new short[960];
    private AudioEncoder? _g722Encoder;
    private AudioDecoder? _g722Decoder;
    private AudioEncoder? _pcmuEncoder;
    private AudioDecoder? _pcmuDecoder;
    private AudioEncoder? _opusEncoder;
    private AudioDecoder? _opusDecoder;
    private int _opusLength;

    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < _full.Length; i++)
        {
            var t = i / 48_000.0;
            _full[i] = (short)(6000 * (Math.Sin(2 * Math.PI * 150 * t) + (0.5 * Math.Sin(2 * Math.PI * 1900 * t))));
            if (i % 3 == 0) _wide[i / 3] = _full[i];
            if (i % 6 == 0) _narrow[i / 6] = _full[i];
        }
        (_g722Encoder, _g722Decoder) = (Encoder(AudioCodec.G722), Decoder(AudioCodec.G722));
        (_pcmuEncoder, _pcmuDecoder) = (Encoder(AudioCodec.Pcmu), Decoder(AudioCodec.Pcmu));
        _g722Encoder.Encode(_wide, _g722Frame);
        if (!AudioCodecs.IsConvertible(AudioCodec.Opus)) return;
        (_opusEncoder, _opusDecoder) = (Encoder(AudioCodec.Opus), Decoder(AudioCodec.Opus));
        _opusLength = _opusEncoder.Encode(_narrow, _payload);
    }

    [Benchmark]
    public int EncodePcmu() => _pcmuEncoder!.Encode(_narrow, _payload);

    [Benchmark]
    public int DecodePcmu() => _pcmuDecoder!.Decode(_payload.AsSpan(0, 160), _output);

    [Benchmark]
    public int EncodeG722() => _g722Encoder!.Encode(_wide, _g722Frame);

    [Benchmark]
    public int DecodeG722() => _g722Decoder!.Decode(_g722Frame, _output);

    /// <summary>Where libopus is missing there is nothing to measure.</summary>
    [Benchmark]
    public int EncodeOpus() => _opusEncoder?.Encode(_narrow, _payload) ?? 0;

    [Benchmark]
    public int DecodeOpus() => _opusDecoder?.Decode(_payload.AsSpan(0, _opusLength), _output) ?? 0;

    [Benchmark]
    public int Resample8To16() => _up.Run(_narrow, _output);

    [Benchmark]
    public int Resample48To8() => _down.Run(_full, _output);

    private AudioEncoder Encoder(AudioCodec codec) => _pool.RentEncoder(codec, 8000);

    private AudioDecoder Decoder(AudioCodec codec) => _pool.RentDecoder(codec, 8000);
}
