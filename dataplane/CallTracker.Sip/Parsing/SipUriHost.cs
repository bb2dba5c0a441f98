namespace CallTracker.Sip.Parsing;

/// <summary>
/// What follows the user of a SIP URI: host, port, parameters, headers. Also reads the sent-by of a Via. A view.
/// </summary>
internal readonly ref struct SipUriHost
{
    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> Parameters { get; private init; }

    public ReadOnlySpan<byte> Headers { get; private init; }

    public ushort Port { get; private init; }

    public bool IsIpv6Reference { get; private init; }

    public static SipUriHost OfParameters(ReadOnlySpan<byte> parameters) => new() { Parameters = parameters };

    // hostport uri-parameters [ headers ]
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUriHost host)
    {
        host = default;
        var question = text.IndexOf((byte)'?');
        var headers = question < 0 ? default : text[(question + 1)..];
        if (question >= 0) text = text[..question];
        var semicolon = text.IndexOf((byte)';');
        var parameters = semicolon < 0 ? default : text[semicolon..];
        if (semicolon >= 0) text = text[..semicolon];
        if (parameters.IndexOf((byte)'@') >= 0 || headers.IndexOf((byte)'@') >= 0) return false;
        if (!TryParseHostPort(text, out var name, out var port, out var isIpv6)) return false;
        host = new SipUriHost
        {
            Name = name,
            Port = port,
            IsIpv6Reference = isIpv6,
            Parameters = parameters,
            Headers = headers,
        };
        return true;
    }

    // hostport = host [ ":" port ]; host = hostname / IPv4address / IPv6reference; IPv6reference = "[" IPv6address "]"
    public static bool TryParseHostPort(
        ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ushort port, out bool isIpv6)
    {
        port = 0;
        isIpv6 = !text.IsEmpty && text[0] == '[';
        var end = isIpv6 ? text.IndexOf((byte)']') : text.IndexOf((byte)':');
        if (isIpv6)
        {
            name = end < 0 ? default : text[1..end];
            if (name.IsEmpty || name.IndexOfAnyExcept(SipChars.Ipv6) >= 0) return false;
            text = SipText.Trim(text[(end + 1)..]);
        }
        else
        {
            name = SipText.Trim(end < 0 ? text : text[..end]);
            if (!SipChars.IsHost(name)) return false;
            text = end < 0 ? default : text[end..];
        }
        if (text.IsEmpty) return true;
        if (text[0] != ':') return false;
        if (!SipText.TryReadNumber(SipText.Trim(text[1..]), ushort.MaxValue, out var number)) return false;
        port = (ushort)number;
        return port != 0;
    }
}
