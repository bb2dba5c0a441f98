namespace CallTracker.Media.Codecs;

/// <summary>
/// Encodes one stream in one codec, one channel. Holds the codec's memory between frames; lent by a
/// <see cref="CodecPool"/>, used by one thread.
/// </summary>
public abstract class AudioEncoder : IDisposable
{
    protected AudioEncoder(AudioCodec codec, int sampleRateHz) => (Codec, SampleRateHz) = (codec, sampleRateHz);

    public AudioCodec Codec { get; }

    /// <summary>The rate of the samples it takes.</summary>
    public int SampleRateHz { get; }

    /// <summary>The most bytes a frame of so many samples becomes.</summary>
    public abstract int BytesMax(int samples);

    /// <summary>True when a packet can hold this many milliseconds.</summary>
    public virtual bool CanFrame(int ms) => ms is > 0 and <= AudioCodecs.PacketMsMax;

    /// <summary>Encodes one frame.</summary>
    /// <returns>Bytes written; 0 when the span has no room for them or the frame has no length of this codec.</returns>
    public abstract int Encode(ReadOnlySpan<short> samples, Span<byte> payload);

    /// <summary>The next frame begins a stream.</summary>
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
