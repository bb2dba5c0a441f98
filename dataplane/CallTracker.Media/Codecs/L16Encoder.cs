using System.Buffers.Binary;

namespace CallTracker.Media.Codecs;

/// <summary>Linear samples onto the wire, most significant byte first (RFC 3551 section 4.5.11).</summary>
internal sealed class L16Encoder : AudioEncoder
{
    /// <param name="codec">L16Narrow or L16Wide.</param>
    public L16Encoder(AudioCodec codec)
        : base(codec, AudioCodecs.SampleRateHz(codec))
    {
    }

    public override int BytesMax(int samples) => samples * sizeof(short);

    public override int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        var length = samples.Length * sizeof(short);
        if (length > payload.Length) return 0;
        for (var i = 0; i < samples.Length; i++) BinaryPrimitives.WriteInt16BigEndian(payload[(i * 2)..], samples[i]);
        return length;
    }
}
