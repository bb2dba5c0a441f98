namespace CallTracker.Media.Codecs;

/// <summary>
/// Opus decoded by libopus, at whatever rate is wanted, both channels of a stereo stream joined. Bad packets are errors
/// of the library and give no samples.
/// </summary>
internal sealed unsafe class OpusDecoder : AudioDecoder
{
    private nint _handle;

    /// <param name="sampleRateHz">8000, 16000 or 48000 (also 12000, 24000).</param>
    public OpusDecoder(int sampleRateHz)
        : base(AudioCodec.Opus, sampleRateHz)
    {
        _handle = OpusLibrary.CreateDecoder(sampleRateHz, 1, out var error);
        if (error != OpusLibrary.Ok) throw new InvalidOperationException($"libopus makes no decoder: {error}.");
    }

    public override int SamplesIn(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return 0;
        fixed (byte* bytes = payload)
        {
            return Math.Max(0, OpusLibrary.SamplesIn(bytes, payload.Length, SampleRateHz));
        }
    }

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty || samples.IsEmpty) return 0;
        fixed (byte* bytes = payload)
        fixed (short* pcm = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_handle, bytes, payload.Length, pcm, samples.Length, useFec: 0));
        }
    }

    /// <summary>
    /// The lost frame out of the packet that came after it, where its sender put a copy there (RFC 6716 section 2.1.7);
    /// else concealed. The span's length is the lost time.
    /// </summary>
    public int Recover(ReadOnlySpan<byte> next, Span<short> samples)
    {
        if (next.IsEmpty || samples.IsEmpty) return 0;
        fixed (byte* bytes = next)
        fixed (short* pcm = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_handle, bytes, next.Length, pcm, samples.Length, useFec: 1));
        }
    }

    public override int Conceal(Span<short> samples)
    {
        if (samples.IsEmpty) return 0;
        fixed (short* pcm = samples)
        {
            return Math.Max(0, OpusLibrary.Decode(_handle, null, 0, pcm, samples.Length, useFec: 0));
        }
    }

    public override void Reset() => _ = OpusLibrary.Control(_handle, OpusLibrary.ResetState);

    protected override void Release()
    {
        if (_handle != 0) OpusLibrary.DestroyDecoder(_handle);
        _handle = 0;
    }
}
