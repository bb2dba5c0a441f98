using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Recording;

/// <summary>Somebody who speaks a tone in a codec, packet by packet. Owned by one test.</summary>
internal sealed class CodedSpeaker : IDisposable
{
    private readonly CodecPool _pool = new();
    private readonly AudioEncoder _encoder;
    private readonly AudioCodec _codec;
    private readonly int _packetMs;
    private int _sequence;
    private long _sample;

    public CodedSpeaker(AudioCodec codec, int hz, int packetMs = 20, int firstSequence = 0)
    {
        (_codec, Hz, _packetMs, _sequence) = (codec, hz, packetMs, firstSequence);
        _encoder = _pool.RentEncoder(codec, 16_000);
    }

    /// <summary>0 is silent.</summary>
    public int Hz { get; set; }

    /// <summary>The payload type that it uses.</summary>
    public static byte TypeOf(AudioCodec codec) =>
        AudioCodecs.StaticType(codec) is var type and >= 0 ? (byte)type : (byte)(100 + (int)codec);

    /// <summary>The next packet.</summary>
    public byte[] Next()
    {
        var samples = new short[_encoder.SampleRateHz * _packetMs / 1000];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)(8000 * Math.Sin(2 * Math.PI * Hz * (_sample + i) / _encoder.SampleRateHz));
        _sample += samples.Length;
        var payload = new byte[_encoder.BytesMax(samples.Length)];
        var length = _encoder.Encode(samples, payload);
        var ticks = (uint)(_sequence * _packetMs * (AudioCodecs.ClockRateHz(_codec) / 1000));
        return TrackRig.Packet(_sequence++, ticks, payload.AsSpan(0, length), TypeOf(_codec));
    }

    public void Dispose()
    {
        _pool.Return(_encoder);
        _pool.Dispose();
    }
}
