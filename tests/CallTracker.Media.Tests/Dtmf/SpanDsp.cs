using System.Runtime.InteropServices;
using System.Text;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>
/// DTMF as spandsp does it (Debian's libspandsp2, which Asterisk, FreeSWITCH and rtpengine use): a detector and a
/// generator that share no line with ours.
/// </summary>
internal static unsafe partial class SpanDsp
{
    private const string Library = "libspandsp.so.2";
    private const int DigitsMax = 128;

    /// <summary>The keys that its detector hears.</summary>
    public static string Hear(ReadOnlySpan<short> samples)
    {
        var state = InitReceiver(0, 0, 0);
        state.ShouldNotBe(0);
        var digits = new byte[DigitsMax + 1];
        fixed (short* first = samples)
        fixed (byte* text = digits)
        {
            Receive(state, first, samples.Length);
            var count = (int)GetDigits(state, text, DigitsMax);
            FreeReceiver(state);
            return Encoding.ASCII.GetString(digits, 0, count);
        }
    }

    /// <summary>What its generator makes of these keys.</summary>
    public static short[] Play(string keys, int onMs, int offMs)
    {
        var state = InitSender(0, 0, 0);
        state.ShouldNotBe(0);
        SetTiming(state, onMs, offMs);
        var text = Encoding.ASCII.GetBytes(keys);
        var samples = new short[keys.Length * (onMs + offMs) * 8];
        fixed (byte* digits = text)
        fixed (short* first = samples)
        {
            PutDigits(state, digits, text.Length);
            var count = Send(state, first, samples.Length);
            FreeSender(state);
            return samples[..count];
        }
    }

    [LibraryImport(Library, EntryPoint = "dtmf_rx_init")]
    private static partial nint InitReceiver(nint state, nint callback, nint user);

    [LibraryImport(Library, EntryPoint = "dtmf_rx")]
    private static partial int Receive(nint state, short* samples, int count);

    [LibraryImport(Library, EntryPoint = "dtmf_rx_get")]
    private static partial nuint GetDigits(nint state, byte* digits, int countMax);

    [LibraryImport(Library, EntryPoint = "dtmf_rx_free")]
    private static partial int FreeReceiver(nint state);

    [LibraryImport(Library, EntryPoint = "dtmf_tx_init")]
    private static partial nint InitSender(nint state, nint callback, nint user);

    [LibraryImport(Library, EntryPoint = "dtmf_tx_set_timing")]
    private static partial void SetTiming(nint state, int onMs, int offMs);

    [LibraryImport(Library, EntryPoint = "dtmf_tx_put")]
    private static partial int PutDigits(nint state, byte* digits, int count);

    [LibraryImport(Library, EntryPoint = "dtmf_tx")]
    private static partial int Send(nint state, short* samples, int countMax);

    [LibraryImport(Library, EntryPoint = "dtmf_tx_free")]
    private static partial int FreeSender(nint state);
}
