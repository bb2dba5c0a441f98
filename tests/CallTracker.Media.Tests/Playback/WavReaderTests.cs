using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Playback;

namespace CallTracker.Media.Tests.Playback;

/// <summary>WAV files of every kind that is taken, and what is said of the others.</summary>
public sealed class WavReaderTests
{
    private const int Pcm = 1;
    private const int MsMax = 10_000;

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    public void Pcm_Mono_IsReadAsItIs(int rateHz)
    {
        short[] samples = [0, 1, -1, short.MaxValue, short.MinValue];
        WavReader.Read(Wav(Pcm, 1, rateHz, 16, Bytes(samples)), MsMax, out var sound).ShouldBe(WavResult.Ok);
        sound!.Samples.ShouldBe(samples);
        sound.RateHz.ShouldBe(rateHz);
    }

    [Fact]
    public void Pcm_Stereo_BecomesTheMeanOfBoth()
    {
        var data = Bytes([100, 300, short.MinValue, short.MinValue, 30_000, 30_001]);
        WavReader.Read(Wav(Pcm, 2, 8000, 16, data), MsMax, out var sound).ShouldBe(WavResult.Ok);
        sound!.Samples.ShouldBe([(short)200, short.MinValue, (short)30_000]);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Companded_EightBit_IsDecoded(int coding)
    {
        byte[] codes = [0x00, 0x55, 0xd5, 0xff];
        WavReader.Read(Wav(coding, 1, 8000, 8, codes), MsMax, out var sound).ShouldBe(WavResult.Ok);
        sound!.Samples.ShouldBe([.. codes.Select(c => coding == 6 ? G711.FromALaw(c) : G711.FromMuLaw(c))]);
    }

    [Fact]
    public void Extensible_WithPcmInside_IsRead()
    {
        var extra = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(8), Pcm);
        WavReader.Read(Wav(0xfffe, 1, 48_000, 16, Bytes([7]), extra), MsMax, out var sound).ShouldBe(WavResult.Ok);
        sound!.Samples.ShouldBe([(short)7]);
    }

    [Fact]
    public void Chunks_OfOtherKinds_ArePassedOver()
    {
        var plain = Wav(Pcm, 1, 8000, 16, Bytes([1, 2]));
        // An odd length is padded.
        byte[] list = [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0];
        byte[] file = [.. plain[..12], .. list, .. plain[12..]];
        WavReader.Read(file, MsMax, out var sound).ShouldBe(WavResult.Ok);
        sound!.Samples.ShouldBe([(short)1, (short)2]);
    }

    public static TheoryData<WavResult, byte[]> BadFiles => new()
    {
        { WavResult.NotWav, [] },
        { WavResult.NotWav, "ID3 something that is no WAV at all"u8.ToArray() },
        { WavResult.NotWav, "RIFF\0\0\0\0AVI LIST"u8.ToArray() },
        { WavResult.NoSound, "RIFF\0\0\0\0WAVE"u8.ToArray() },
        { WavResult.NoSound, Wav(Pcm, 1, 8000, 16, []) },
        { WavResult.NoSound, Wav(Pcm, 2, 8000, 16, Bytes([1])) },
        { WavResult.NoFormat, [.. "RIFF\0\0\0\0WAVEdata"u8, 2, 0, 0, 0, 1, 1] },
        { WavResult.UnsupportedCoding, Wav(Pcm, 1, 8000, 8, [1, 2]) },
        { WavResult.UnsupportedCoding, Wav(Pcm, 1, 8000, 24, [1, 2, 3]) },
        { WavResult.UnsupportedCoding, Wav(3, 1, 8000, 32, [1, 2, 3, 4]) },
        { WavResult.UnsupportedCoding, Wav(85, 1, 8000, 16, [1, 2]) },
        { WavResult.UnsupportedChannels, Wav(Pcm, 6, 8000, 16, new byte[24]) },
        { WavResult.UnsupportedChannels, Wav(Pcm, 0, 8000, 16, new byte[24]) },
        { WavResult.UnsupportedRate, Wav(Pcm, 1, 12_345, 16, [1, 2]) },
        { WavResult.UnsupportedRate, Wav(Pcm, 1, 0, 16, [1, 2]) },
        { WavResult.TooLong, Wav(Pcm, 1, 8000, 16, new byte[((MsMax * 8) + 1) * 2]) },
        { WavResult.CutShort, Wav(Pcm, 1, 8000, 16, new byte[100])[..^1] },
        { WavResult.CutShort, Wav(Pcm, 1, 8000, 16, new byte[100])[..30] },
    };

    [Theory, MemberData(nameof(BadFiles))]
    public void BadFile_OfEachKind_IsRefusedForItsReason(WavResult expected, byte[] file)
    {
        WavReader.Read(file, MsMax, out var sound).ShouldBe(expected);
        sound.ShouldBeNull();
    }

    [Fact]
    public void AnyPrefix_AndAnyByteChanged_IsAResultAndNeverThrows()
    {
        var good = Wav(Pcm, 2, 16_000, 16, Bytes([1, 2, 3, 4]));
        for (var length = 0; length < good.Length; length++)
            WavReader.Read(good.AsSpan(0, length), MsMax, out _).ShouldNotBe(WavResult.Ok);
        var results = new HashSet<WavResult>();
        foreach (var value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
        {
            for (var at = 0; at < good.Length; at++)
            {
                var broken = good.ToArray();
                broken[at] = value;
                results.Add(WavReader.Read(broken, MsMax, out _));
            }
        }
        results.Count.ShouldBeGreaterThan(5);
    }

    internal static byte[] Wav(int coding, int channels, int rateHz, int bits, byte[] data, byte[]? extra = null)
    {
        var format = new byte[16 + (extra?.Length ?? 0)];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)coding);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rateHz);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        extra?.CopyTo(format, 16);
        byte[] head = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEfmt "u8, .. Length(format), .. format];
        return [.. head, .. "data"u8, .. Length(data), .. data];
    }

    internal static byte[] Bytes(short[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), samples[i]);
        return bytes;
    }

    private static byte[] Length(byte[] chunk) => BitConverter.GetBytes(chunk.Length);
}
