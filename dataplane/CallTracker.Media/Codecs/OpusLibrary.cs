using System.Runtime.InteropServices;

namespace CallTracker.Media.Codecs;

/// <summary>
/// The functions of libopus (Debian: libopus0) that are used. Loaded when first asked for; without it the product works
/// and neither offers nor converts Opus.
/// </summary>
internal static unsafe partial class OpusLibrary
{
    /// <summary>OPUS_OK.</summary>
    public const int Ok = 0;
    /// <summary>OPUS_APPLICATION_VOIP.</summary>
    public const int Voip = 2048;
    /// <summary>OPUS_SET_BITRATE_REQUEST, in bit/s.</summary>
    public const int SetBitRate = 4002;
    /// <summary>OPUS_SET_COMPLEXITY_REQUEST, 0 to 10.</summary>
    public const int SetComplexity = 4010;
    /// <summary>OPUS_SET_INBAND_FEC_REQUEST.</summary>
    public const int SetInbandFec = 4012;
    /// <summary>OPUS_SET_PACKET_LOSS_PERC_REQUEST.</summary>
    public const int SetPacketLoss = 4014;
    /// <summary>OPUS_RESET_STATE.</summary>
    public const int ResetState = 4028;
    private const string Library = "libopus.so.0";
    private static readonly bool Found = NativeLibrary.TryLoad(Library, out _);

    /// <summary>True when the machine has it.</summary>
    public static bool IsPresent => Found;

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    public static partial nint CreateDecoder(int rateHz, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decode")]
    public static partial int Decode(nint decoder, byte* data, int length, short* pcm, int samplesMax, int useFec);

    [LibraryImport(Library, EntryPoint = "opus_packet_get_nb_samples")]
    public static partial int SamplesIn(byte* packet, int length, int rateHz);

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    public static partial nint CreateEncoder(int rateHz, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_encode")]
    public static partial int Encode(nint encoder, short* pcm, int samples, byte* data, int bytesMax);

    // Both take further arguments by request; those used here take one int or none, which the calling conventions of
    // x86-64 and arm64 under Linux pass as if it were declared.
    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    public static partial int Control(nint decoder, int request);

    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    public static partial int ControlEncoder(nint encoder, int request, int value);
}
