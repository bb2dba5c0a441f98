namespace CallTracker.Sip.Parsing;

/// <summary>
/// A view of <c>;name=value;flag</c> parameters in someone else's buffer. Names compare without case; values keep
/// their quotes.
/// </summary>
/// <param name="text">From the first semicolon on, or empty.</param>
public readonly ref struct SipParameters(ReadOnlySpan<byte> text)
{
    /// <summary>The parameters as they stand.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    public bool Has(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>The value, empty for a flag; false when there is no such parameter.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = Text;
        while (TryTake(ref rest, out var parameter, out value))
        {
            if (SipText.EqualsIgnoreCase(parameter, name)) return true;
        }
        value = default;
        return false;
    }

    // generic-param = token [ EQUAL gen-value ], EQUAL = SWS "=" SWS, SEMI = SWS ";" SWS
    public static bool TryTake(
        scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> name, scoped out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        rest = SipText.Trim(rest);
        if (rest.IsEmpty || rest[0] != ';') return false;
        rest = rest[1..];
        var end = SipText.IndexOutsideQuotes(rest, (byte)';');
        var one = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        var equals = one.IndexOf((byte)'=');
        name = SipText.Trim(equals < 0 ? one : one[..equals]);
        if (equals >= 0) value = SipText.Trim(one[(equals + 1)..]);
        return true;
    }

    /// <summary>True when every parameter has a token for a name and all quotes end.</summary>
    public bool IsWellFormed() => IsWellFormed(default, out _, out _);

    /// <summary>
    /// The same, and the one named stands at most once: of two branches or tags each hop could take another.
    /// </summary>
    /// <param name="single">The name that must not come twice.</param>
    /// <param name="isThere">True when it stands there.</param>
    /// <param name="value">Its first value; empty when it has none, or is not there.</param>
    public bool IsWellFormed(
        scoped ReadOnlySpan<byte> single, out bool isThere, out ReadOnlySpan<byte> value)
    {
        isThere = false;
        value = default;
        var rest = SipText.Trim(Text);
        if (rest.IsEmpty) return true;
        var isSound = rest[0] == ';' && SipText.IsBalanced(rest);
        while (TryTake(ref rest, out var name, out var one))
        {
            isSound &= SipChars.IsToken(name);
            if (!SipText.EqualsIgnoreCase(name, single)) continue;
            isSound &= !isThere;
            if (!isThere) value = one;
            isThere = true;
        }
        return isSound;
    }
}
