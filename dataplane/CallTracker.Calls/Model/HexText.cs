namespace CallTracker.Calls.Model;

/// <summary>Fixed-width lower-case hexadecimal over ASCII bytes. Stateless.</summary>
internal static class HexText
{
    public static void Write(ulong value, Span<byte> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            destination[i] = "0123456789abcdef"u8[(int)(value & 0xf)];
            value >>= 4;
        }
    }

    /// <summary>Reads lower-case digits only: we wrote them, and nobody may change them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = "0123456789abcdef"u8.IndexOf(c);
            if (digit < 0) return false;
            value = (value << 4) | (uint)digit;
        }
        return true;
    }
}
