namespace CallTracker.Contracts.Numbers;

/// <summary>
/// The Japanese numbering plan: one normal form for a number (digits only, national <c>0…</c>, foreign numbers with
/// <c>010</c> before the country code) and the kind of terminal behind it.
/// Stateless; both planes call it from any thread.
/// </summary>
public static class NumberingPlan
{
    /// <summary>
    /// The longest number kept: ITU-T E.164 allows 15 digits, the 0066/0078 bands 20, prefixes a few more.
    /// </summary>
    public const int DigitsMax = 32;

    /// <summary>
    /// Writes the normal form of <paramref name="input"/> to <paramref name="digits"/>: visual separators
    /// (RFC 3966 section 5.1.1, spaces) go, <c>+81x</c> becomes <c>0x</c>, <c>+cc…</c> becomes <c>010cc…</c>.
    /// </summary>
    /// <returns>The digit count, or -1 when the input is no number or is longer than <see cref="DigitsMax"/>.</returns>
    public static int TryNormalise(ReadOnlySpan<char> input, Span<char> digits)
    {
        var text = input.Trim();
        var international = text.Length > 0 && text[0] == '+';
        if (international) text = text[1..];
        Span<char> plain = stackalloc char[DigitsMax];
        var count = 0;
        foreach (var c in text)
        {
            if (c is '-' or '.' or '(' or ')' or ' ') continue;
            if (!char.IsAsciiDigit(c) || count == plain.Length) return -1;
            plain[count++] = c;
        }
        if (count == 0) return -1;
        return international ? FromInternational(plain[..count], digits) : Copy(plain[..count], "", digits);
    }

    /// <summary>The normal form of <paramref name="input"/>, or null when it is no number.</summary>
    public static string? Normalise(string? input)
    {
        if (input is null) return null;
        Span<char> digits = stackalloc char[DigitsMax];
        var count = TryNormalise(input, digits);
        return count < 0 ? null : new string(digits[..count]);
    }

    /// <summary>
    /// The terminal kind by the number alone; withheld and payphone callers are known from headers instead.
    /// </summary>
    public static TerminalKind Classify(ReadOnlySpan<char> number)
    {
        if (number.IsEmpty) return TerminalKind.Unknown;
        if (number.StartsWith("010", StringComparison.Ordinal)) return TerminalKind.International;
        if (number[0] != '0' || number.Length < 2) return TerminalKind.Unknown;
        if (number.Length == 11) return ClassifyElevenDigits(number);
        if (number.Length == 10 && number[1] != '0') return TerminalKind.Fixed;
        return TerminalKind.Unknown;
    }

    // 070/080/090 are mobile, 0800 is the eleven-digit free-call band and never mobile, 050 is IP telephony.
    private static TerminalKind ClassifyElevenDigits(ReadOnlySpan<char> number)
    {
        if (number.StartsWith("0800", StringComparison.Ordinal)) return TerminalKind.Fixed;
        if (number.StartsWith("050", StringComparison.Ordinal)) return TerminalKind.Ip;
        var isMobile = number[2] == '0' && (number[1] is '6' or '7' or '8' or '9');
        return isMobile ? TerminalKind.Mobile : TerminalKind.Unknown;
    }

    private static int FromInternational(ReadOnlySpan<char> plain, Span<char> digits)
    {
        if (!plain.StartsWith("81", StringComparison.Ordinal)) return Copy(plain, "010", digits);
        var national = plain[2..];
        // Some senders keep the trunk prefix (+8103…); the same number is meant.
        return national.Length > 0 && national[0] == '0' ? Copy(national, "", digits) : Copy(national, "0", digits);
    }

    private static int Copy(ReadOnlySpan<char> number, string prefix, Span<char> digits)
    {
        var length = prefix.Length + number.Length;
        if (number.IsEmpty || length > DigitsMax || length > digits.Length) return -1;
        prefix.CopyTo(digits);
        number.CopyTo(digits[prefix.Length..]);
        return length;
    }
}
