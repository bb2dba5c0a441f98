using CallTracker.Media.Codecs;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// The tones of the keys (ITU-T Q.23) at 8 kHz: the low one at -9 dBm0, the high one at -7 dBm0, so that the twist of a
/// long line (ITU-T Q.24) leaves them about equal. All frequencies are whole numbers of hertz, so a sine of one second
/// holds every sample. Made once at start, read by all workers.
/// </summary>
public static class DtmfTone
{
    public const int SampleRateHz = 8000;
    public const int FrameMs = 20;
    /// <summary>Samples, and bytes of G.711, in a frame.</summary>
    public const int FrameLength = 160;
    /// <summary>Static payload types of RFC 3551.</summary>
    public const byte PcmuType = 0;
    public const byte PcmaType = 8;
    /// <summary>The code of silence in each.</summary>
    public const byte PcmuSilence = 0xff;
    public const byte PcmaSilence = 0xd5;
    // G.711: a sine of the largest amplitude is +3.17 dBm0 in μ-law; A-law differs by 0.03 dB.
    private const double FullScaleDbm0 = 3.17;
    private const double FullScale = 32_124;
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1209, 1336, 1477, 1633];
    private static readonly float[] Sine = MakeSine();
    private static readonly float LowAmplitude = AmplitudeOf(-9);
    private static readonly float HighAmplitude = AmplitudeOf(-7);

    /// <summary>The low tones, one for each row of the keypad.</summary>
    internal static ReadOnlySpan<int> RowsHz => Rows;

    /// <summary>The high tones, one for each column.</summary>
    internal static ReadOnlySpan<int> ColumnsHz => Columns;

    /// <summary>The largest sample of a sine of this level in 16-bit linear samples.</summary>
    internal static float AmplitudeOf(double dbm0) => (float)(FullScale * Math.Pow(10, (dbm0 - FullScaleDbm0) / 20));

    /// <summary>The sine of a whole number of turns in one second, after so many samples.</summary>
    internal static float SineAt(long turnsTimesSamples) => Sine[(int)(turnsTimesSamples % SampleRateHz)];

    /// <summary>Writes linear samples of a key's tone.</summary>
    /// <param name="key">Below <see cref="DtmfKey.Count"/>.</param>
    /// <param name="fromSample">Samples of the tone that went before.</param>
    /// <param name="samples">All are written.</param>
    public static void Write(byte key, long fromSample, Span<short> samples)
    {
        var (low, high) = (RowsHz[DtmfKey.RowOf(key)], ColumnsHz[DtmfKey.ColumnOf(key)]);
        for (var i = 0; i < samples.Length; i++)
        {
            var at = fromSample + i;
            var sample = (LowAmplitude * SineAt(low * at)) + (HighAmplitude * SineAt(high * at));
            samples[i] = (short)MathF.Round(sample);
        }
    }

    /// <summary>Writes the G.711 payload of a frame of a key's tone.</summary>
    /// <param name="key">Below <see cref="DtmfKey.Count"/>.</param>
    /// <param name="frame">Frames of the tone that went before.</param>
    /// <param name="payloadType"><see cref="PcmuType"/> or <see cref="PcmaType"/>.</param>
    /// <param name="payload">At least <see cref="FrameLength"/> bytes.</param>
    public static void WriteFrame(byte key, long frame, byte payloadType, Span<byte> payload)
    {
        Span<short> samples = stackalloc short[FrameLength];
        Write(key, frame * FrameLength, samples);
        for (var i = 0; i < FrameLength; i++)
            payload[i] = payloadType == PcmaType ? G711.ToALaw(samples[i]) : G711.ToMuLaw(samples[i]);
    }

    /// <summary>True for the payload types whose audio we can read and write.</summary>
    public static bool CanPlay(int payloadType) => payloadType is PcmuType or PcmaType;

    /// <summary>The code that a payload of silence consists of.</summary>
    public static byte SilenceOf(byte payloadType) => payloadType == PcmaType ? PcmaSilence : PcmuSilence;

    private static float[] MakeSine()
    {
        var sine = new float[SampleRateHz];
        for (var i = 0; i < sine.Length; i++) sine[i] = (float)Math.Sin(2 * Math.PI * i / SampleRateHz);
        return sine;
    }
}
