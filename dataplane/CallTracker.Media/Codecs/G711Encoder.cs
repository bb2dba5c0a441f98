namespace CallTracker.Media.Codecs;

/// <summary><see cref="G711"/> as a stream; it has no memory.</summary>
internal sealed class G711Encoder : AudioEncoder
{
    private const int RateHz = 8000;

    /// <param name="codec">Pcmu or Pcma.</param>
    public G711Encoder(AudioCodec codec)
        : base(codec, RateHz)
    {
    }

    public override int BytesMax(int samples) => samples;

    public override int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        if (samples.Length > payload.Length) return 0;
        if (Codec == AudioCodec.Pcmu)
        {
            for (var i = 0; i < samples.Length; i++) payload[i] = G711.ToMuLaw(samples[i]);
        }
        else
        {
            for (var i = 0; i < samples.Length; i++) payload[i] = G711.ToALaw(samples[i]);
        }
        return samples.Length;
    }
}
