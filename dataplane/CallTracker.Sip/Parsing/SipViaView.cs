namespace CallTracker.Sip.Parsing;

/// <summary>A view of one Via value. It dies with the buffer it points into.</summary>
public readonly ref struct SipViaView
{
    /// <summary>What branches of RFC 3261 agents start with (section 8.1.1.7).</summary>
    public static ReadOnlySpan<byte> MagicCookie => "z9hG4bK"u8;

    /// <summary>The value as written.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Another one than 2.0 can be answered with 505.</summary>
    public ReadOnlySpan<byte> Version { get; private init; }

    public SipTransportKind Transport { get; private init; }

    public ReadOnlySpan<byte> SentByHost { get; private init; }

    /// <summary>0 when none is named.</summary>
    public ushort SentByPort { get; private init; }

    public bool IsIpv6Reference { get; private init; }

    public SipParameters Parameters { get; private init; }

    public ReadOnlySpan<byte> Branch { get; private init; }

    /// <summary>True for <c>;rport</c> with or without a value (RFC 3581).</summary>
    public bool HasRport => Parameters.Has("rport"u8);

    public ReadOnlySpan<byte> Received => Parameters.TryGet("received"u8, out var value) ? value : default;

    public ReadOnlySpan<byte> MAddr => Parameters.TryGet("maddr"u8, out var value) ? value : default;

    /// <summary>False for branches of RFC 2543 agents, which are not unique, and for the bare cookie.</summary>
    public bool HasUniqueBranch => Branch.Length > MagicCookie.Length && Branch.StartsWith(MagicCookie);

    /// <summary>
    /// False when version or parameters are broken; the message is refused, yet the hop can be answered.
    /// </summary>
    public bool IsWellFormed { get; private init; }

    /// <summary>The first Via of a message whose parser could read it.</summary>
    internal static SipViaView Of(SipMessage message)
    {
        ref readonly var parts = ref message.Fields.Via;
        return new SipViaView
        {
            Text = message.Header(SipHeaderKind.Via),
            Version = message.Slice(parts.Version),
            Transport = parts.Transport,
            SentByHost = message.Slice(parts.Host),
            SentByPort = parts.Port,
            IsIpv6Reference = parts.IsIpv6Reference,
            Parameters = new SipParameters(message.Slice(parts.Parameters)),
            Branch = message.Slice(parts.Branch),
            IsWellFormed = parts.IsWellFormed,
        };
    }

    // via-parm = sent-protocol LWS sent-by *( SEMI via-params ); sent-protocol = "SIP" SLASH "2.0" SLASH transport
    public static bool TryParse(ReadOnlySpan<byte> value, out SipViaView via)
    {
        via = default;
        var rest = value;
        if (!TryTakePart(ref rest, out var protocol) || !SipText.EqualsIgnoreCase(protocol, "SIP"u8)) return false;
        if (!TryTakePart(ref rest, out var version) || !SipChars.IsToken(version)) return false;
        rest = SipText.Trim(rest);
        var space = rest.IndexOfAny((byte)' ', (byte)'\t');
        if (space < 1 || !SipChars.IsToken(rest[..space])) return false;
        var transport = TransportOf(rest[..space]);
        rest = SipText.Trim(rest[space..]);
        var semicolon = rest.IndexOf((byte)';');
        var sentBy = SipText.Trim(semicolon < 0 ? rest : rest[..semicolon]);
        if (!SipUriHost.TryParseHostPort(sentBy, out var host, out var port, out var isIpv6)) return false;
        var parameters = new SipParameters(semicolon < 0 ? default : rest[semicolon..]);
        var isSound = parameters.IsWellFormed("branch"u8, out _, out var branch);
        via = new SipViaView
        {
            Text = value,
            Version = version,
            Transport = transport,
            SentByHost = host,
            SentByPort = port,
            IsIpv6Reference = isIpv6,
            Parameters = parameters,
            Branch = branch,
            IsWellFormed = isSound && version.SequenceEqual("2.0"u8) && SipChars.IsIdentifier(branch),
        };
        return true;
    }

    // SLASH = SWS "/" SWS
    private static bool TryTakePart(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> part)
    {
        var slash = rest.IndexOf((byte)'/');
        part = slash < 0 ? default : SipText.Trim(rest[..slash]);
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return slash > 0;
    }

    private static SipTransportKind TransportOf(ReadOnlySpan<byte> text)
    {
        if (SipText.EqualsIgnoreCase(text, "UDP"u8)) return SipTransportKind.Udp;
        if (SipText.EqualsIgnoreCase(text, "TCP"u8)) return SipTransportKind.Tcp;
        return SipText.EqualsIgnoreCase(text, "TLS"u8) ? SipTransportKind.Tls : SipTransportKind.Other;
    }
}
