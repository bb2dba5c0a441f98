namespace CallTracker.Calls.Model;

/// <summary>
/// A normalised telephone number of at most 32 digits packed into 128 bits: four bits a digit, digit plus one, the
/// first
/// digit highest. Comparing, hashing and copying allocate nothing; the default value is "no number".
/// The normal form is that of the numbering plan: national digits, foreign numbers as 010 and the country code.
/// </summary>
public readonly struct PhoneNumber : IEquatable<PhoneNumber>
{
    /// <summary>The most digits kept.</summary>
    public const int DigitsMax = 32;
    private readonly UInt128 _packed;

    private PhoneNumber(UInt128 packed) => _packed = packed;

    public bool IsEmpty => _packed == UInt128.Zero;

    public int Length => IsEmpty ? 0 : DigitsMax - ((int)UInt128.LeadingZeroCount(_packed) / 4);

    /// <summary>Packs plain ASCII digits; false when a byte is no digit, or there are none or too many.</summary>
    public static bool TryPack(ReadOnlySpan<byte> digits, out PhoneNumber number)
    {
        number = default;
        if (digits.IsEmpty || digits.Length > DigitsMax) return false;
        var packed = UInt128.Zero;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            packed = (packed << 4) | (UInt128)(uint)(digit - '0' + 1);
        }
        number = new PhoneNumber(packed);
        return true;
    }

    /// <summary>
    /// Normalises a number as a SIP or tel URI carries it: visual separators go (RFC 3966 section 5.1.1), <c>+81x</c>
    /// becomes <c>0x</c>, <c>+cc</c> becomes <c>010cc</c>.
    /// </summary>
    public static bool TryNormalise(ReadOnlySpan<byte> text, out PhoneNumber number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[DigitsMax + 3];
        var length = 0;
        var plain = text;
        if (!text.IsEmpty && text[0] == '+')
        {
            plain = text[1..];
            "010"u8.CopyTo(digits);
            length = 3;
        }
        foreach (var c in plain)
        {
            if (c is (byte)'-' or (byte)'.' or (byte)'(' or (byte)')' or (byte)' ') continue;
            if (c is < (byte)'0' or > (byte)'9' || length == digits.Length) return false;
            digits[length++] = c;
        }
        return TryPack(ToNational(digits[..length], text.Length != plain.Length), out number);
    }

    /// <summary>Writes the digits; their count. The destination must hold <see cref="Length"/> bytes.</summary>
    public int CopyTo(Span<byte> destination)
    {
        var length = Length;
        var packed = _packed;
        for (var i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)((uint)(packed & 0xf) - 1 + '0');
            packed >>= 4;
        }
        return length;
    }

    /// <summary>
    /// True when this number begins with all digits of <paramref name="prefix"/>; an empty prefix matches.
    /// </summary>
    public bool StartsWith(PhoneNumber prefix)
    {
        var shift = (Length - prefix.Length) * 4;
        return shift >= 0 && (prefix.IsEmpty || _packed >> shift == prefix._packed);
    }

    public bool Equals(PhoneNumber other) => _packed == other._packed;

    public override bool Equals(object? obj) => obj is PhoneNumber other && Equals(other);

    public override int GetHashCode() => _packed.GetHashCode();

    public static bool operator ==(PhoneNumber left, PhoneNumber right) => left.Equals(right);

    public static bool operator !=(PhoneNumber left, PhoneNumber right) => !left.Equals(right);

    /// <summary>For records and the control side only; a worker never makes the string.</summary>
    public override string ToString()
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        var length = CopyTo(digits);
        return string.Create(length, digits[..length], static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = (char)source[i];
        });
    }

    // 01081… is Japan seen from outside; some senders keep the trunk prefix (+8103…), and the same number is meant.
    private static ReadOnlySpan<byte> ToNational(Span<byte> digits, bool international)
    {
        if (!international) return digits;
        if (!digits.StartsWith("01081"u8)) return digits.Length == 3 ? default : digits;
        var national = digits[5..];
        if (national.IsEmpty || national[0] == '0') return national;
        digits[4] = (byte)'0';
        return digits[4..];
    }
}
