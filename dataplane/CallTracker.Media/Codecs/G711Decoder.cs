namespace CallTracker.Media.Codecs;

/// <summary><see cref="G711"/> as a stream; it has no memory.</summary>
internal sealed class G711Decoder : AudioDecoder
{
    private const int RateHz = 8000;

    /// <param name="codec">Pcmu or Pcma.</param>
    public G711Decoder(AudioCodec codec)
        : base(codec, RateHz)
    {
    }

    public override int SamplesIn(ReadOnlySpan<byte> payload) => payload.Length;

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.Length > samples.Length) return 0;
        return Codec == AudioCodec.Pcmu ? G711.DecodeMuLaw(payload, samples) : G711.DecodeALaw(payload, samples);
    }
}
