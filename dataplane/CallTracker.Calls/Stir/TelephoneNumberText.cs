using CallTracker.Calls.Model;

namespace CallTracker.Calls.Stir;

/// <summary>
/// The canonical form of a number in a PASSporT (RFC 8224 section 8.3): E.164 digits without the plus. Stateless.
/// </summary>
public static class TelephoneNumberText
{
    /// <summary>Bytes a canonical number may take.</summary>
    public const int LengthMax = PhoneNumber.DigitsMax + 2;

    /// <summary>
    /// Its length in <paramref name="destination"/>; 0 for a number that has no international form (110, 0AB without
    /// enough digits, nothing).
    /// </summary>
    public static int Write(PhoneNumber number, Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[PhoneNumber.DigitsMax];
        var text = digits[..number.CopyTo(digits)];
        if (text.Length < 5 || text[0] != '0') return 0;
        if (text.StartsWith("010"u8))
        {
            text[3..].CopyTo(destination);
            return text.Length - 3;
        }
        "81"u8.CopyTo(destination);
        text[1..].CopyTo(destination[2..]);
        return text.Length + 1;
    }

    /// <summary>Reads canonical digits into the normal form of the numbering plan.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out PhoneNumber number)
    {
        number = default;
        Span<byte> international = stackalloc byte[LengthMax + 1];
        if (text.Length is 0 or > LengthMax || text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return false;
        international[0] = (byte)'+';
        text.CopyTo(international[1..]);
        return PhoneNumber.TryNormalise(international[..(text.Length + 1)], out number);
    }
}
