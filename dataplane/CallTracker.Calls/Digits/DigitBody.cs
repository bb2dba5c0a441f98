using System.Buffers.Text;
using CallTracker.Media.Dtmf;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Digits;

/// <summary>
/// A digit in the body of an INFO. No standard says how: this is what Cisco began and everybody does. Stateless.
/// </summary>
internal static class DigitBody
{
    /// <summary>Longest body written.</summary>
    public const int LengthMax = 40;
    /// <summary>What a key lasted when the body does not say.</summary>
    public const int DefaultMs = 160;
    private const int DurationMsMax = 60_000;

    public static ReadOnlySpan<byte> TypeOf(DigitForm form) =>
        form == DigitForm.Plain ? "application/dtmf"u8 : "application/dtmf-relay"u8;

    /// <summary>The form that a Content-Type names; false for any other type.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> contentType, out DigitForm form)
    {
        var semicolon = contentType.IndexOf((byte)';');
        var type = SipText.Trim(semicolon < 0 ? contentType : contentType[..semicolon]);
        form = SipText.EqualsIgnoreCase(type, TypeOf(DigitForm.Plain)) ? DigitForm.Plain : DigitForm.Relay;
        return form == DigitForm.Plain || SipText.EqualsIgnoreCase(type, TypeOf(DigitForm.Relay));
    }

    /// <summary>Reads a body of either form, whatever its type says: some send one under the other's name.</summary>
    /// <param name="body">The INFO's body.</param>
    /// <param name="key">The key's code.</param>
    /// <param name="durationMs">How long it was pressed, 1 to 60,000.</param>
    // Signal=5 CRLF Duration=160        5
    public static bool TryRead(ReadOnlySpan<byte> body, out byte key, out int durationMs)
    {
        durationMs = DefaultMs;
        var found = TryReadKey(SipText.Trim(body.TrimEnd("\r\n "u8)), out key);
        while (!body.IsEmpty)
        {
            var end = body.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            var equals = line.IndexOf((byte)'=');
            if (equals < 0) continue;
            var name = SipText.Trim(line[..equals]);
            var value = SipText.Trim(line[(equals + 1)..]);
            if (SipText.EqualsIgnoreCase(name, "Signal"u8)) found = TryReadKey(value, out key);
            else if (SipText.EqualsIgnoreCase(name, "Duration"u8)) ReadDuration(value, ref durationMs);
        }
        return found;
    }

    /// <summary>Writes a body; its length.</summary>
    public static int Write(DigitForm form, byte key, int durationMs, Span<byte> body)
    {
        if (form == DigitForm.Plain)
        {
            body[0] = DtmfKey.ToText(key);
            return 1;
        }
        "Signal="u8.CopyTo(body);
        body[7] = DtmfKey.ToText(key);
        "\r\nDuration="u8.CopyTo(body[8..]);
        Utf8Formatter.TryFormat(Math.Clamp(durationMs, 1, DurationMsMax), body[19..], out var digits);
        "\r\n"u8.CopyTo(body[(19 + digits)..]);
        return 21 + digits;
    }

    // A character, or the event's number: 10 for *, 11 for #, 12 to 15 for A to D.
    private static bool TryReadKey(ReadOnlySpan<byte> value, out byte key)
    {
        if (value.Length == 1) return DtmfKey.TryFromText(value[0], out key);
        var isNumber = SipText.TryReadNumber(value, DtmfKey.Count - 1, out var number) && value.Length == 2;
        key = isNumber ? (byte)number : (byte)0;
        return isNumber;
    }

    private static void ReadDuration(ReadOnlySpan<byte> value, ref int durationMs)
    {
        if (SipText.TryReadNumber(value, DurationMsMax, out var number) && number > 0) durationMs = (int)number;
    }
}
