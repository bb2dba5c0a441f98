using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Codecs;

/// <summary>Linear samples off the wire, most significant byte first (RFC 3551 section 4.5.11).</summary>
internal sealed class L16Decoder : AudioDecoder
{
    /// <param name="codec">L16Narrow or L16Wide.</param>
    public L16Decoder(AudioCodec codec)
        : base(codec, AudioCodecs.SampleRateHz(codec))
    {
    }

    public override int SamplesIn(ReadOnlySpan<byte> payload) =>
        payload.Length % sizeof(short) == 0 ? payload.Length / sizeof(short) : 0;

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        var count = SamplesIn(payload);
        if (count > samples.Length) return 0;
        payload[..(count * sizeof(short))].CopyTo(MemoryMarshal.AsBytes(samples));
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(samples[..count], samples[..count]);
        return count;
    }
}
