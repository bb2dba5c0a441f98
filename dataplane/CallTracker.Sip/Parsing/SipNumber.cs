namespace CallTracker.Sip.Parsing;

/// <summary>Reads the telephone number that a sip, sips or tel URI stands for. Stateless.</summary>
internal static class SipNumber
{
    // global-number = "+" *phonedigit DIGIT *phonedigit; visual-separator = "-" / "." / "(" / ")"; RFC 3966 section 3
    public static bool TryRead(in SipUriView uri, Span<char> digits, out int length)
    {
        length = 0;
        var user = uri.User;
        if (uri.Scheme == SipUriScheme.Other || user.IsEmpty) return false;
        var semicolon = user.IndexOf((byte)';');
        var subscriber = semicolon < 0 ? user : user[..semicolon];
        var parameters = semicolon < 0 ? uri.Parameters : new SipParameters(user[semicolon..]);
        if (!TryAppend(subscriber, digits, ref length)) return false;
        // A national trunk prefix (0…) says the number is complete; else the country code of the context goes before.
        if (digits[0] is '+' or '0' || !parameters.TryGet("phone-context"u8, out var context)) return true;
        return context.IsEmpty || context[0] != '+' || TryPrepend(context, digits, ref length);
    }

    private static bool TryAppend(ReadOnlySpan<byte> text, Span<char> digits, ref int length)
    {
        var digitCount = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%')
            {
                c = (byte)((SipChars.HexValue(text[i + 1]) << 4) | SipChars.HexValue(text[i + 2]));
                i += 2;
            }
            if (c is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')' or (byte)' ') continue;
            var isPlus = c == '+' && length == 0;
            if ((!isPlus && !SipChars.IsDigit(c)) || length == digits.Length) return false;
            if (!isPlus) digitCount++;
            digits[length++] = (char)c;
        }
        return digitCount > 0;
    }

    private static bool TryPrepend(ReadOnlySpan<byte> context, Span<char> digits, ref int length)
    {
        Span<char> code = stackalloc char[20];
        var codeLength = 0;
        if (!TryAppend(context, code, ref codeLength) || codeLength + length > digits.Length) return false;
        digits[..length].CopyTo(digits[codeLength..]);
        code[..codeLength].CopyTo(digits);
        length += codeLength;
        return true;
    }
}
