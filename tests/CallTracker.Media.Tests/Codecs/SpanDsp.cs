using System.Runtime.InteropServices;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>
/// G.722 of spandsp (Debian's libspandsp2, which baresip's module uses too): an implementation that passes the ITU's
/// test vectors and shares no line with ours.
/// </summary>
internal static partial class SpanDsp
{
    private const string Library = "libspandsp.so.2";
    private const int Rate = 64_000;

    public static byte[] EncodeG722(short[] samples)
    {
        var state = InitEncode(0, Rate, 0);
        var codes = new byte[samples.Length / 2];
        Encode(state, codes, samples, samples.Length).ShouldBe(codes.Length);
        FreeEncode(state).ShouldBe(0);
        return codes;
    }

    public static short[] DecodeG722(byte[] codes)
    {
        var state = InitDecode(0, Rate, 0);
        var samples = new short[codes.Length * 2];
        Decode(state, samples, codes, codes.Length).ShouldBe(samples.Length);
        FreeDecode(state).ShouldBe(0);
        return samples;
    }

    [LibraryImport(Library, EntryPoint = "g722_encode_init")]
    private static partial nint InitEncode(nint state, int rate, int options);

    [LibraryImport(Library, EntryPoint = "g722_encode")]
    private static partial int Encode(nint state, byte[] codes, short[] samples, int length);

    [LibraryImport(Library, EntryPoint = "g722_encode_free")]
    private static partial int FreeEncode(nint state);

    [LibraryImport(Library, EntryPoint = "g722_decode_init")]
    private static partial nint InitDecode(nint state, int rate, int options);

    [LibraryImport(Library, EntryPoint = "g722_decode")]
    private static partial int Decode(nint state, short[] samples, byte[] codes, int length);

    [LibraryImport(Library, EntryPoint = "g722_decode_free")]
    private static partial int FreeDecode(nint state);
}
