using CallTracker.Media.Codecs;

namespace CallTracker.Media.Playback;

/// <summary>
/// The Japanese ringback tone as ready RTP payloads, for each codec we can play. 400 Hz, amplitude modulated by 16 Hz
/// to a depth of 85 %, one second on and two off (呼出音 of Japanese exchanges: 400 Hz, 15 to 20 Hz, 85 ± 15 %), -16 dBm0
/// while it sounds. Made once at start, read by all workers.
/// </summary>
public static class RingbackTone
{
    public const int FrameMs = 20;
    public const int FrameLength = 160;
    /// <summary>Frames of one second of tone and two of silence.</summary>
    public const int FrameCount = 150;
    /// <summary>Static payload types of RFC 3551.</summary>
    public const byte PcmuType = 0;
    public const byte PcmaType = 8;
    private const int SampleRateHz = 8000;
    private const double ToneHz = 400;
    private const double ModulationHz = 16;
    private const double Depth = 0.85;
    private const double LevelDbm0 = -16;
    // G.711: a sine of the largest amplitude is +3.17 dBm0 in μ-law; A-law differs by 0.03 dB.
    private const double FullScaleDbm0 = 3.17;
    private const double FullScale = 32_124;
    private static readonly byte[] Pcmu = Make(G711.ToMuLaw);
    private static readonly byte[] Pcma = Make(G711.ToALaw);

    public static bool CanPlay(int payloadType) => payloadType is PcmuType or PcmaType;

    /// <summary>The payload of a frame, counted from the beginning of the tone.</summary>
    public static ReadOnlySpan<byte> Frame(byte payloadType, long frame) =>
        (payloadType == PcmaType ? Pcma : Pcmu).AsSpan((int)(frame % FrameCount) * FrameLength, FrameLength);

    private static byte[] Make(Func<short, byte> encode)
    {
        var bytes = new byte[FrameCount * FrameLength];
        // Modulation adds power: the mean of (1 + d sin)² is 1 + d²/2.
        var amplitude = FullScale * Math.Pow(10, (LevelDbm0 - FullScaleDbm0) / 20) / Math.Sqrt(1 + (Depth * Depth / 2));
        for (var i = 0; i < bytes.Length; i++)
        {
            var second = (double)i / SampleRateHz;
            var envelope = 1 + (Depth * Math.Sin(2 * Math.PI * ModulationHz * second));
            var sample = i < SampleRateHz ? amplitude * envelope * Math.Sin(2 * Math.PI * ToneHz * second) : 0;
            bytes[i] = encode((short)Math.Round(sample));
        }
        return bytes;
    }
}
