using System.Buffers.Text;
using System.Text;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Sdp;

/// <summary>
/// The a=crypto line of RFC 4568: reads the ones that can be used, writes ours. What we cannot do as it is written
/// (more than one key, a key index, streams without encryption or authentication, a key derivation rate, redundancy, a
/// key that may expire within a call) makes a line as good as absent. Stateless.
/// </summary>
internal static class SdpCrypto
{
    // 2^20 packets of 20 ms are 5.8 hours; the same key serves RTCP.
    private const ulong LifetimeMin = 1UL << 20;
    // RFC 3711 section 9.2.
    private const ulong LifetimeMax = 1UL << 48;
    private const int TagMax = 999_999_999;
    private const int Base64LengthMax = 64;

    /// <summary>Reads the value of an attribute; false when it is none, or none that we can use.</summary>
    // crypto:1 AES_CM_128_HMAC_SHA1_80 inline:<base64 of key and salt>[|lifetime][|MKI:length] [session parameters]
    public static bool TryRead(ReadOnlySpan<byte> value, out int tag, out SrtpMaster master)
    {
        (tag, master) = (0, default);
        if (!value.StartsWith("crypto:"u8)) return false;
        value = value["crypto:"u8.Length..];
        if (!TryTag(TakeWord(ref value), out tag)) return false;
        var suite = SrtpSuites.Find(TakeWord(ref value));
        if (suite == SrtpSuite.None || !TryKey(TakeWord(ref value), suite, out master)) return false;
        while (TakeWord(ref value) is { IsEmpty: false } parameter)
        {
            if (IsHarmless(parameter)) continue;
            master = default;
            return false;
        }
        return true;
    }

    /// <summary>Writes our line, or lines while all suites are offered; nothing on a plain leg.</summary>
    public static void Write(in SrtpLocal local, ref SdpOutput output)
    {
        if (local.IsNone) return;
        if (local.Suite != SrtpSuite.None)
        {
            WriteLine(local, local.Suite, local.Tag, ref output);
            return;
        }
        for (var suite = (SrtpSuite)1; (int)suite <= SrtpSuites.Count; suite++)
            WriteLine(local, suite, SrtpLocal.TagOf(suite), ref output);
    }

    // No lifetime means the longest, 2^48 packets (RFC 4568 section 6.1).
    private static void WriteLine(in SrtpLocal local, SrtpSuite suite, int tag, ref SdpOutput output)
    {
        Span<byte> text = stackalloc byte[Base64LengthMax];
        var master = local.KeyOf(suite);
        Base64.EncodeToUtf8(master.Bytes, text, out _, out var length);
        output.Append("a=crypto:"u8);
        output.Append((ulong)tag);
        output.Append(" "u8);
        output.Append(SrtpSuites.Name(suite));
        output.Append(" inline:"u8);
        output.Append(text[..length]);
        output.EndLine();
        text.Clear();
    }

    private static bool TryTag(ReadOnlySpan<byte> text, out int tag) =>
        Utf8Parser.TryParse(text, out tag, out var used) && used == text.Length && tag is >= 0 and <= TagMax
        && text[0] is >= (byte)'0' and <= (byte)'9';

    // "inline:" key-salt ["|" lifetime] ["|" MKI ":" length]; several are set apart by ";" and need an MKI.
    private static bool TryKey(ReadOnlySpan<byte> text, SrtpSuite suite, out SrtpMaster master)
    {
        master = default;
        var isInline = text.Length > 7 && Ascii.EqualsIgnoreCase(text[..7], "inline:"u8);
        if (!isInline || text.IndexOf((byte)';') >= 0) return false;
        text = text[7..];
        var bar = text.IndexOf((byte)'|');
        if (bar >= 0 && !IsLongLived(text[(bar + 1)..])) return false;
        return TryDecode(bar < 0 ? text : text[..bar], suite, out master);
    }

    // Some leave the padding out.
    private static bool TryDecode(ReadOnlySpan<byte> text, SrtpSuite suite, out SrtpMaster master)
    {
        master = default;
        Span<byte> padded = stackalloc byte[Base64LengthMax];
        Span<byte> bytes = stackalloc byte[SrtpSuites.MasterLengthMax + 2];
        var wanted = SrtpSuites.MasterLength(suite);
        var length = (wanted + 2) / 3 * 4;
        if (text.Length > length || text.Length < length - 2) return false;
        padded.Fill((byte)'=');
        text.CopyTo(padded);
        Base64.DecodeFromUtf8(padded[..length], bytes, out _, out var written);
        if (written == wanted) master = SrtpMaster.Of(suite, bytes[..wanted]);
        bytes.Clear();
        padded.Clear();
        return written == wanted;
    }

    // lifetime = ["2^"] 1*(DIGIT); with a colon it is an MKI, which we do not take.
    private static bool IsLongLived(ReadOnlySpan<byte> text)
    {
        var isPower = text.StartsWith("2^"u8);
        if (isPower) text = text[2..];
        if (!Utf8Parser.TryParse(text, out ulong number, out var used) || used != text.Length) return false;
        if (isPower && number > 48) return false;
        var packets = isPower ? 1UL << (int)number : number;
        return packets is >= LifetimeMin and <= LifetimeMax;
    }

    // RFC 4568 section 6.3: a window size is a hint, a leading "-" says that it may be ignored.
    private static bool IsHarmless(ReadOnlySpan<byte> parameter) =>
        parameter[0] == '-' || parameter.StartsWith("WSH="u8) || parameter.SequenceEqual("KDR=0"u8);

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var end = text.IndexOf((byte)' ');
        var word = end < 0 ? text : text[..end];
        text = text[word.Length..];
        return word;
    }
}
