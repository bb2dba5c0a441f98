using System.Buffers;

namespace CallTracker.Sip.Parsing;

/// <summary>Character classes of the SIP grammar (RFC 3261 section 25.1). Stateless.</summary>
internal static class SipChars
{
    // token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"u8);

    // word adds "(" ")" "<" ">" ":" "\" DQUOTE "/" "[" "]" "?" "{" "}"; callid = word [ "@" word ]
    public static readonly SearchValues<byte> CallId = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~()<>:\\\"/[]?{}@"u8);

    // domainlabel characters and "."; the underscore is not in the RFC but in names that are in use.
    public static readonly SearchValues<byte> Host = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    public static readonly SearchValues<byte> Ipv6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    // Controls but the tab; CR and LF end lines and stand in none. A NUL ends a text for parsers written in C, a bare
    // CR a line for some: what they would see must be what we see.
    public static readonly SearchValues<byte> Control = SearchValues.Create(
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31, 127,
    ]);

    // What may stand in a URI at all: unreserved, reserved and "%"; brackets for IPv6 references; "#" is seen in users.
    public static readonly SearchValues<byte> Uri = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'();/?:@&=+$,%[]#|^`{}"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(Token) < 0;

    /// <summary>
    /// What a tag or branch may look like: a token by the grammar, and what peers in use put there beyond it, but never
    /// white space, quotes that hide it, or separators.
    /// </summary>
    public static bool IsIdentifier(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(CallId) < 0;

    public static bool IsHost(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(Host) < 0;

    public static bool IsDigit(byte c) => (uint)(c - '0') <= 9;

    public static bool IsAlpha(byte c) => (uint)((c | 0x20) - 'a') <= 25;

    public static bool IsWhite(byte c) => c is (byte)' ' or (byte)'\t';

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte c)
    {
        if (IsDigit(c)) return c - '0';
        var lower = c | 0x20;
        return lower is >= 'a' and <= 'f' ? lower - 'a' + 10 : -1;
    }
}
