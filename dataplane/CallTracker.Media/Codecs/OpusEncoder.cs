namespace CallTracker.Media.Codecs;

/// <summary>
/// Opus encoded by libopus for speech, one channel, with forward error correction for a network that loses some
/// packets (RFC 7587 section 3.3).
/// </summary>
internal sealed unsafe class OpusEncoder : AudioEncoder
{
    // What RFC 7587 section 3.1.1 recommends for speech, with room for the copies.
    private const int NarrowBitRate = 16_000;
    private const int WideBitRate = 32_000;
    // Half of what the best costs, for a difference in speech that is hard to hear.
    private const int Complexity = 5;
    private const int ExpectedLossPercent = 5;
    // RFC 6716 section 3.4: no frame is longer.
    private const int FrameBytesMax = 1275;
    private nint _handle;

    /// <param name="sampleRateHz">8000, 16000 or 48000 (also 12000, 24000).</param>
    public OpusEncoder(int sampleRateHz)
        : base(AudioCodec.Opus, sampleRateHz)
    {
        _handle = OpusLibrary.CreateEncoder(sampleRateHz, 1, OpusLibrary.Voip, out var error);
        if (error != OpusLibrary.Ok) throw new InvalidOperationException($"libopus makes no encoder: {error}.");
        Set(OpusLibrary.SetBitRate, sampleRateHz > 8000 ? WideBitRate : NarrowBitRate);
        Set(OpusLibrary.SetComplexity, Complexity);
        Set(OpusLibrary.SetInbandFec, 1);
        Set(OpusLibrary.SetPacketLoss, ExpectedLossPercent);
    }

    public override int BytesMax(int samples) => FrameBytesMax;

    public override bool CanFrame(int ms) => ms is 10 or 20 or 40 or 60;

    public override int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        if (samples.IsEmpty || payload.IsEmpty) return 0;
        fixed (short* pcm = samples)
        fixed (byte* bytes = payload)
        {
            return Math.Max(0, OpusLibrary.Encode(_handle, pcm, samples.Length, bytes, payload.Length));
        }
    }

    public override void Reset() => Set(OpusLibrary.ResetState, 0);

    protected override void Release()
    {
        if (_handle != 0) OpusLibrary.DestroyEncoder(_handle);
        _handle = 0;
    }

    private void Set(int request, int value) => _ = OpusLibrary.ControlEncoder(_handle, request, value);
}
