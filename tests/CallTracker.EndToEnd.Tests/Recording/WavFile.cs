using System.Buffers.Binary;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>A downloaded recording as a player reads it: a walk over its RIFF chunks. Immutable.</summary>
internal sealed class WavFile
{
    public WavFile(byte[] bytes)
    {
        bytes.AsSpan(0, 4).SequenceEqual("RIFF"u8).ShouldBeTrue();
        BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)).ShouldBe(bytes.Length - 8);
        for (var at = 12; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            var content = bytes.AsSpan(at + 8, length);
            if (bytes.AsSpan(at, 4).SequenceEqual("fmt "u8)) ReadFormat(content);
            else if (bytes.AsSpan(at, 4).SequenceEqual("data"u8)) ReadSound(content);
            at += 8 + length;
        }
    }

    public int Channels { get; private set; }
    public IReadOnlyList<short> Left { get; private set; } = [];
    public IReadOnlyList<short> Right { get; private set; } = [];
    public double Sec => Left.Count / (double)ToneCodec.RateHz;

    private void ReadFormat(ReadOnlySpan<byte> format)
    {
        BinaryPrimitives.ReadInt16LittleEndian(format).ShouldBe((short)7);
        Channels = BinaryPrimitives.ReadInt16LittleEndian(format[2..]);
        BinaryPrimitives.ReadInt32LittleEndian(format[4..]).ShouldBe(ToneCodec.RateHz);
    }

    private void ReadSound(ReadOnlySpan<byte> codes)
    {
        var sides = new List<short>[] { [], [] };
        for (var i = 0; i < codes.Length; i++) sides[i % Channels].Add(ToneCodec.FromMuLaw(codes[i]));
        (Left, Right) = (sides[0], sides[1]);
    }
}
