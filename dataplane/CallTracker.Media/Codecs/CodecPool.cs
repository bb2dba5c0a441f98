namespace CallTracker.Media.Codecs;

/// <summary>
/// Lends encoders and decoders: as many are made as were ever in use at a time, which the user's own bound limits, and
/// all are used again. Owns every one it made and frees them with itself. One thread uses it.
/// </summary>
public sealed class CodecPool : IDisposable
{
    private readonly List<AudioDecoder> _decoders = [];
    private readonly List<AudioEncoder> _encoders = [];
    private int _lent;

    /// <summary>Encoders and decoders that are lent.</summary>
    public int Lent => _lent;

    /// <summary>A decoder at the beginning of a stream.</summary>
    /// <param name="codec">One for which <see cref="AudioCodecs.IsConvertible"/> holds.</param>
    /// <param name="sampleRateHz">For Opus the rate that is wanted; others have their own.</param>
    public AudioDecoder RentDecoder(AudioCodec codec, int sampleRateHz)
    {
        var rateHz = RateOf(codec, sampleRateHz);
        _lent++;
        for (var i = _decoders.Count - 1; i >= 0; i--)
        {
            var decoder = _decoders[i];
            if (decoder.Codec != codec || decoder.SampleRateHz != rateHz) continue;
            _decoders[i] = _decoders[^1];
            _decoders.RemoveAt(_decoders.Count - 1);
            decoder.Reset();
            return decoder;
        }
        return codec switch
        {
            AudioCodec.Pcmu or AudioCodec.Pcma => new G711Decoder(codec),
            AudioCodec.G722 => new G722Decoder(),
            AudioCodec.Opus => new OpusDecoder(rateHz),
            AudioCodec.L16Narrow or AudioCodec.L16Wide => new L16Decoder(codec),
            _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "No audio."),
        };
    }

    /// <summary>An encoder at the beginning of a stream.</summary>
    /// <param name="codec">One for which <see cref="AudioCodecs.IsConvertible"/> holds.</param>
    /// <param name="sampleRateHz">For Opus the rate there is; others have their own.</param>
    public AudioEncoder RentEncoder(AudioCodec codec, int sampleRateHz)
    {
        var rateHz = RateOf(codec, sampleRateHz);
        _lent++;
        for (var i = _encoders.Count - 1; i >= 0; i--)
        {
            var encoder = _encoders[i];
            if (encoder.Codec != codec || encoder.SampleRateHz != rateHz) continue;
            _encoders[i] = _encoders[^1];
            _encoders.RemoveAt(_encoders.Count - 1);
            encoder.Reset();
            return encoder;
        }
        return codec switch
        {
            AudioCodec.Pcmu or AudioCodec.Pcma => new G711Encoder(codec),
            AudioCodec.G722 => new G722Encoder(),
            AudioCodec.Opus => new OpusEncoder(rateHz),
            AudioCodec.L16Narrow or AudioCodec.L16Wide => new L16Encoder(codec),
            _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "No audio."),
        };
    }

    /// <summary>Takes a decoder back, if there is one.</summary>
    public void Return(AudioDecoder? decoder)
    {
        if (decoder is null) return;
        _lent--;
        _decoders.Add(decoder);
    }

    /// <summary>Takes an encoder back, if there is one.</summary>
    public void Return(AudioEncoder? encoder)
    {
        if (encoder is null) return;
        _lent--;
        _encoders.Add(encoder);
    }

    /// <summary>Frees those that are not lent.</summary>
    public void Dispose()
    {
        foreach (var decoder in _decoders) decoder.Dispose();
        foreach (var encoder in _encoders) encoder.Dispose();
        _decoders.Clear();
        _encoders.Clear();
    }

    private static int RateOf(AudioCodec codec, int sampleRateHz) =>
        codec == AudioCodec.Opus ? sampleRateHz : AudioCodecs.SampleRateHz(codec);
}
