namespace CallTracker.Media.Codecs;

/// <summary>
/// Decodes one stream of one codec, one channel. Holds the codec's memory between frames; lent by a
/// <see cref="CodecPool"/>, used by one thread. Payloads come from the network: whatever they hold, nothing is thrown
/// and nothing is written beyond the caller's span.
/// </summary>
public abstract class AudioDecoder : IDisposable
{
    protected AudioDecoder(AudioCodec codec, int sampleRateHz) => (Codec, SampleRateHz) = (codec, sampleRateHz);

    public AudioCodec Codec { get; }

    /// <summary>The rate of the samples it gives.</summary>
    public int SampleRateHz { get; }

    /// <summary>Samples of one channel in a payload; 0 when it is none of this codec's.</summary>
    public abstract int SamplesIn(ReadOnlySpan<byte> payload);

    /// <summary>Decodes one packet's payload.</summary>
    /// <returns>Samples written; 0 when the payload is bad or has more than the span's room.</returns>
    public abstract int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>
    /// Fills in for lost audio with the codec's own concealment; 0 when it has none (see
    /// <see cref="LossConcealer"/>).
    /// </summary>
    public virtual int Conceal(Span<short> samples) => 0;

    /// <summary>Forgets what it heard: the next frame begins a stream.</summary>
    public virtual void Reset()
    {
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what is not managed.</summary>
    protected virtual void Release()
    {
    }
}
