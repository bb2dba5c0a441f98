namespace CallTracker.Media.Dtmf;

/// <summary>
/// The sixteen keys by their RFC 4733 event codes: 0 to 9, * is 10, # is 11, A to D are 12 to 15. Stateless.
/// </summary>
public static class DtmfKey
{
    public const int Count = 16;
    private static ReadOnlySpan<byte> Letters => "0123456789*#ABCD"u8;

    // Rows 697, 770, 852, 941 Hz; columns 1209, 1336, 1477, 1633 Hz (ITU-T Q.23).
    private static ReadOnlySpan<byte> Keypad => [1, 2, 3, 12, 4, 5, 6, 13, 7, 8, 9, 14, 10, 0, 11, 15];

    private static ReadOnlySpan<byte> Places => [13, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 14, 3, 7, 11, 15];

    /// <summary>The code of a character; small letters count as well.</summary>
    public static bool TryFromText(byte character, out byte key)
    {
        if (character is >= (byte)'a' and <= (byte)'d') character -= (byte)('a' - 'A');
        var index = Letters.IndexOf(character);
        key = index < 0 ? (byte)0 : (byte)index;
        return index >= 0;
    }

    /// <summary>The character of a code below <see cref="Count"/>.</summary>
    public static byte ToText(byte key) => Letters[key];

    /// <summary>The code of the key in a row and column of the keypad, each 0 to 3.</summary>
    public static byte At(int row, int column) => Keypad[(row * 4) + column];

    /// <summary>The row of a key, 0 to 3.</summary>
    public static int RowOf(byte key) => Places[key] >> 2;

    /// <summary>The column of a key, 0 to 3.</summary>
    public static int ColumnOf(byte key) => Places[key] & 3;
}
