using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// Cuts an authentication header into schemes and their fields. One value may hold several challenges: commas part the
/// fields of one and the challenges themselves (RFC 7235 section 4.1). Stateless; nothing throws, nothing allocates.
/// </summary>
internal static class DigestFields
{
    /// <summary>The most fields of one challenge; more are refused.</summary>
    public const int CountMax = 24;

    // challenge = auth-scheme 1*SP field *(COMMA field)
    public static bool TryTakeScheme(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> scheme)
    {
        rest = SkipSeparators(rest);
        scheme = rest[..TokenLength(rest)];
        if (scheme.IsEmpty || scheme.Length == rest.Length || !SipChars.IsWhite(rest[scheme.Length])) return false;
        rest = rest[scheme.Length..];
        return true;
    }

    /// <summary>
    /// Takes the next field of the present scheme. <see cref="FieldResult.End"/> leaves the next scheme, or nothing.
    /// The value of a quoted string is given without quotes, its escapes as they stand.
    /// </summary>
    // field = token SWS "=" SWS ( token / quoted-string )
    public static FieldResult TryTake(
        scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> name, scoped out ReadOnlySpan<byte> value)
    {
        value = default;
        rest = SkipSeparators(rest);
        name = rest[..TokenLength(rest)];
        if (rest.IsEmpty) return FieldResult.End;
        if (name.IsEmpty) return FieldResult.Malformed;
        var after = SipText.TrimStart(rest[name.Length..]);
        if (after.IsEmpty || after[0] != '=')
        {
            var isScheme = !after.IsEmpty && after.Length < rest.Length - name.Length && TokenLength(after) > 0;
            return isScheme ? FieldResult.End : FieldResult.Malformed;
        }
        after = SipText.TrimStart(after[1..]);
        if (!TryTakeValue(ref after, out value)) return FieldResult.Malformed;
        rest = after;
        return FieldResult.Field;
    }

    private static bool TryTakeValue(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!rest.IsEmpty && rest[0] == '"')
        {
            var length = SipText.QuotedLength(rest);
            if (length < 0) return false;
            value = rest[1..(length - 1)];
            rest = SipText.TrimStart(rest[length..]);
        }
        else
        {
            var end = rest.IndexOfAny(" \t,"u8);
            value = end < 0 ? rest : rest[..end];
            // No token holds a quote or a backslash; in the quotes that we would write around it either ends elsewhere.
            if (value.IsEmpty || value.IndexOfAny((byte)'"', (byte)'\\') >= 0) return false;
            rest = end < 0 ? default : rest[end..].TrimStart(" \t"u8);
        }
        return rest.IsEmpty || rest[0] == ',';
    }

    private static ReadOnlySpan<byte> SkipSeparators(ReadOnlySpan<byte> text) => text.TrimStart(" \t,"u8);

    private static int TokenLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(SipChars.Token);
        return end < 0 ? text.Length : end;
    }
}
