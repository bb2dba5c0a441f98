namespace CallTracker.Media.Sdp;

/// <summary>
/// Attributes that no document defines (x-…, X-…): most say what a codec or a phone can do and pass, some say where
/// their sender stands. Errs on the side of the latter. Stateless.
/// </summary>
internal static class PrivateAttribute
{
    /// <summary>
    /// True for a private attribute that may name a place: by its own name, or by what its value holds.
    /// </summary>
    public static bool MayNameAPlace(ReadOnlySpan<byte> attribute)
    {
        if (attribute.Length < 2 || (attribute[0] | 0x20) != 'x' || attribute[1] != '-') return false;
        var colon = attribute.IndexOf((byte)':');
        var name = colon < 0 ? attribute : attribute[..colon];
        var value = colon < 0 ? default : attribute[(colon + 1)..];
        return IsNamedAfterAPlace(name) || value.IndexOf((byte)'@') >= 0 || HoldsHostName(value);
    }

    // A value like "pbx1" is a host only to those who know the name: such values are known by the attribute's name.
    private static bool IsNamedAfterAPlace(ReadOnlySpan<byte> name) =>
        Holds(name, "nat"u8) || Holds(name, "addr"u8) || Holds(name, "host"u8) || Holds(name, "server"u8)
        || Holds(name, "route"u8) || Holds(name, "candidate"u8) || Holds(name, "node"u8);

    // A host name has a dot before a letter: gw.example. A decimal fraction has not.
    private static bool HoldsHostName(ReadOnlySpan<byte> value)
    {
        for (var i = 1; i + 1 < value.Length; i++)
        {
            if (value[i] == '.' && value[i - 1] > ' ' && (value[i + 1] | 0x20) is >= (byte)'a' and <= (byte)'z')
                return true;
        }
        return false;
    }

    // word is of small letters.
    private static bool Holds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var start = 0; start + word.Length <= text.Length; start++)
        {
            var i = 0;
            while (i < word.Length && (text[start + i] | 0x20) == word[i]) i++;
            if (i == word.Length) return true;
        }
        return false;
    }
}
