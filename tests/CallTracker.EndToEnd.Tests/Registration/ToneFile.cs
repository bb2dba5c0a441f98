using System.Buffers.Binary;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>
/// Sound files of 16 bits: writes a tone at 8 kHz in one channel, and says how much of it another one holds, of
/// whatever rate; of several channels the first counts.
/// </summary>
internal static class ToneFile
{
    private const int RateHz = 8000;
    private const int HeaderLength = 44;

    public static void Write(string path, int toneHz, int sec)
    {
        var data = new byte[RateHz * sec * 2];
        for (var i = 0; i < data.Length / 2; i++)
        {
            var sample = (short)(8000 * Math.Sin(2 * Math.PI * toneHz * i / RateHz));
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(i * 2), sample);
        }
        using var writer = new BinaryWriter(File.Create(path), Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(HeaderLength - 8 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(RateHz);
        writer.Write(RateHz * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
    }

    /// <summary>Seconds of sound, and the power of the tone in it as a share of all power (Goertzel).</summary>
    public static (double Sec, double Share) Read(string path, int toneHz)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var channels = BinaryPrimitives.ReadInt16LittleEndian(bytes[22..]);
        var rateHz = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        bytes = bytes[HeaderLength..];
        // Of several channels the first.
        var samples = new short[bytes.Length / 2 / channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2 * channels)..]);
        return (samples.Length / (double)rateHz, Share(samples, toneHz, rateHz));
    }

    /// <summary>The power of a tone in a sound as a share of all power (Goertzel).</summary>
    public static double Share(ReadOnlySpan<short> samples, int toneHz, int rateHz = RateHz)
    {
        var (all, before, last) = (0.0, 0.0, 0.0);
        var factor = 2 * Math.Cos(2 * Math.PI * toneHz / rateHz);
        foreach (double sample in samples)
        {
            all += sample * sample;
            (before, last) = (last, sample + (factor * last) - before);
        }
        var power = (before * before) + (last * last) - (factor * before * last);
        return all == 0 ? 0 : 2 * power / (samples.Length * all);
    }
}
