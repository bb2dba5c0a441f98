using CallTracker.Core.Net;

namespace CallTracker.Sip.Parsing;

/// <summary>A view of one URI (RFC 3261 section 19.1, RFC 3966). It dies with the buffer it points into.</summary>
public readonly ref struct SipUriView
{
    private SipUriView(ReadOnlySpan<byte> text, SipUriScheme scheme, ReadOnlySpan<byte> user, SipUriHost host)
    {
        Text = text;
        Scheme = scheme;
        User = user;
        HostPart = host;
    }

    /// <summary>The whole URI.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public SipUriScheme Scheme { get; }

    /// <summary>
    /// sip and sips: the escaped user with its own parameters (<c>0312345678;npdi</c>), without password.
    /// tel: the subscriber number. Other schemes: everything after the colon.
    /// </summary>
    public ReadOnlySpan<byte> User { get; }

    /// <summary>Name or address without brackets; empty for tel and other schemes.</summary>
    public ReadOnlySpan<byte> Host => HostPart.Name;

    public bool IsIpv6Reference => HostPart.IsIpv6Reference;

    /// <summary>0 when the URI names none.</summary>
    public ushort Port => HostPart.Port;

    /// <summary>URI parameters: transport, lr, user, maddr; for tel: phone-context, isub, ….</summary>
    public SipParameters Parameters => new(HostPart.Parameters);

    /// <summary>What follows the question mark.</summary>
    public ReadOnlySpan<byte> Headers => HostPart.Headers;

    private SipUriHost HostPart { get; }

    // SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]; telephone-uri = "tel:" subscriber *par
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUriView uri)
    {
        uri = default;
        if (text.IndexOfAnyExcept(SipChars.Uri) >= 0 || !HasValidEscapes(text)) return false;
        var colon = text.IndexOf((byte)':');
        if (colon < 1 || !IsScheme(text[..colon])) return false;
        var scheme = SchemeOf(text[..colon]);
        var rest = text[(colon + 1)..];
        return scheme switch
        {
            SipUriScheme.Sip or SipUriScheme.Sips => TryParseSip(text, scheme, rest, out uri),
            SipUriScheme.Tel => TryParseTel(text, rest, out uri),
            _ => TryParseOther(text, rest, out uri),
        };
    }

    /// <summary>
    /// The host and port as an endpoint, where the host is an IP literal; port 5060 when none is named.
    /// </summary>
    public bool TryGetEndpoint(out IpEndpoint endpoint) => TryGetEndpoint(5060, out endpoint);

    public bool TryGetEndpoint(ushort defaultPort, out IpEndpoint endpoint)
    {
        endpoint = default;
        return !Host.IsEmpty && IpEndpoint.TryParseAddress(Host, Port == 0 ? defaultPort : Port, out endpoint);
    }

    /// <summary>
    /// The telephone number in the user part, digits with a leading <c>+</c> kept, separators and escapes gone;
    /// a <c>phone-context</c> of <c>+CC</c> is put before numbers that have no trunk prefix.
    /// </summary>
    public bool TryGetNumber(Span<char> digits, out int length) => SipNumber.TryRead(this, digits, out length);

    /// <summary>The user with %HH resolved; false when it does not fit.</summary>
    public bool TryUnescapeUser(Span<byte> destination, out int length)
    {
        length = 0;
        var user = User;
        for (var i = 0; i < user.Length; i++)
        {
            if (length == destination.Length) return false;
            var c = user[i];
            if (c == '%')
            {
                c = (byte)((SipChars.HexValue(user[i + 1]) << 4) | SipChars.HexValue(user[i + 2]));
                i += 2;
            }
            destination[length++] = c;
        }
        return true;
    }

    private static bool TryParseSip(
        ReadOnlySpan<byte> text, SipUriScheme scheme, ReadOnlySpan<byte> rest, out SipUriView uri)
    {
        uri = default;
        var at = rest.IndexOf((byte)'@');
        var user = at < 0 ? default : rest[..at];
        if (at == 0 || !SipUriHost.TryParse(rest[(at + 1)..], out var host)) return false;
        var password = user.IndexOf((byte)':');
        if (password >= 0) user = user[..password];
        uri = new SipUriView(text, scheme, user, host);
        return true;
    }

    private static bool TryParseTel(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, out SipUriView uri)
    {
        var semicolon = rest.IndexOf((byte)';');
        var subscriber = semicolon < 0 ? rest : rest[..semicolon];
        var host = SipUriHost.OfParameters(semicolon < 0 ? default : rest[semicolon..]);
        uri = new SipUriView(text, SipUriScheme.Tel, subscriber, host);
        return !subscriber.IsEmpty && subscriber.IndexOf((byte)'@') < 0;
    }

    private static bool TryParseOther(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, out SipUriView uri)
    {
        uri = new SipUriView(text, SipUriScheme.Other, rest, default);
        return !rest.IsEmpty;
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    private static bool IsScheme(ReadOnlySpan<byte> text) => SipChars.IsAlpha(text[0]) && SipChars.IsToken(text);

    private static SipUriScheme SchemeOf(ReadOnlySpan<byte> text)
    {
        if (SipText.EqualsIgnoreCase(text, "sip"u8)) return SipUriScheme.Sip;
        if (SipText.EqualsIgnoreCase(text, "sips"u8)) return SipUriScheme.Sips;
        return SipText.EqualsIgnoreCase(text, "tel"u8) ? SipUriScheme.Tel : SipUriScheme.Other;
    }

    // escaped = "%" HEXDIG HEXDIG
    private static bool HasValidEscapes(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'%'); at >= 0; at = text.IndexOf((byte)'%'))
        {
            if (text.Length < at + 3) return false;
            if (SipChars.HexValue(text[at + 1]) < 0 || SipChars.HexValue(text[at + 2]) < 0) return false;
            text = text[(at + 3)..];
        }
        return true;
    }
}
