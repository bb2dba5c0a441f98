using System.Buffers.Binary;
using CallTracker.Media.Codecs;

namespace CallTracker.Media.Playback;

/// <summary>
/// Reads a WAV file (RIFF): 16-bit PCM, A-law or μ-law, mono or stereo; stereo becomes mono by the mean of both.
/// Stateless; any bytes may come.
/// </summary>
public static class WavReader
{
    private const int Pcm = 1;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xfffe;
    private const int FormatLengthMin = 16;
    private const int SubFormatOffset = 24;

    /// <summary>Reads a whole file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="msMax">The longest sound taken.</param>
    /// <param name="sound">Only when the result is Ok.</param>
    public static WavResult Read(ReadOnlySpan<byte> file, int msMax, out PcmSound? sound)
    {
        sound = null;
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8)) return WavResult.NotWav;
        var format = ReadOnlySpan<byte>.Empty;
        // ckID, ckSize, then the chunk, padded to an even length
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var chunk = rest[8..];
            var isWhole = length <= chunk.Length;
            if (rest.StartsWith("data"u8))
                return isWhole ? Decode(format, chunk[..(int)length], msMax, out sound) : WavResult.CutShort;
            if (!isWhole) return WavResult.CutShort;
            if (rest.StartsWith("fmt "u8)) format = chunk[..(int)length];
            rest = chunk[(int)Math.Min(chunk.Length, length + (length & 1))..];
        }
        return WavResult.NoSound;
    }

    // wFormatTag, nChannels, nSamplesPerSec, nAvgBytesPerSec, nBlockAlign, wBitsPerSample
    private static WavResult Decode(
        ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, int msMax, out PcmSound? sound)
    {
        sound = null;
        if (format.Length < FormatLengthMin) return WavResult.NoFormat;
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        if (coding == Extensible && format.Length >= SubFormatOffset + 2)
            coding = BinaryPrimitives.ReadUInt16LittleEndian(format[SubFormatOffset..]);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rateHz = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if ((coding, bits) is not ((Pcm, 16) or (ALaw, 8) or (MuLaw, 8))) return WavResult.UnsupportedCoding;
        if (channels is not (1 or 2)) return WavResult.UnsupportedChannels;
        if (rateHz is not (8000 or 11_025 or 16_000 or 22_050 or 24_000 or 32_000 or 44_100 or 48_000))
            return WavResult.UnsupportedRate;
        var count = data.Length / (channels * bits / 8);
        if (count == 0) return WavResult.NoSound;
        if ((long)count * 1000 > msMax * (long)rateHz) return WavResult.TooLong;
        var samples = new short[count];
        for (var i = 0; i < count; i++)
        {
            int sample = SampleAt(data, coding, i * channels);
            if (channels == 2) sample = (sample + SampleAt(data, coding, (i * 2) + 1)) / 2;
            samples[i] = (short)sample;
        }
        sound = new PcmSound(samples, (int)rateHz);
        return WavResult.Ok;
    }

    private static short SampleAt(ReadOnlySpan<byte> data, int coding, int at) => coding switch
    {
        ALaw => G711.FromALaw(data[at]),
        MuLaw => G711.FromMuLaw(data[at]),
        _ => BinaryPrimitives.ReadInt16LittleEndian(data[(at * 2)..]),
    };
}
