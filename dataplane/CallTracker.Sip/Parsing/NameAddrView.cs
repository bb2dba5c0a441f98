namespace CallTracker.Sip.Parsing;

/// <summary>
/// A view of one From, To, Contact, Route, … value: display name, URI, parameters. It dies with the buffer it points
/// into.
/// </summary>
public readonly ref struct NameAddrView
{
    private NameAddrView(ReadOnlySpan<byte> display, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> parameters)
    {
        Display = display;
        Uri = uri;
        Parameters = new SipParameters(parameters);
        // tag-param = "tag" EQUAL token: one without a value would stand beside the one that our answer adds.
        AreParametersSound = Parameters.IsWellFormed("tag"u8, out var hasTag, out var tag) && (!hasTag || !tag.IsEmpty);
        Tag = tag;
    }

    /// <summary>The display name as written, with its quotes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Display { get; }

    /// <summary>The URI without angle brackets.</summary>
    public ReadOnlySpan<byte> Uri { get; }

    /// <summary>Header parameters: those outside the angle brackets.</summary>
    public SipParameters Parameters { get; }

    /// <summary>The tag parameter; empty when there is none.</summary>
    public ReadOnlySpan<byte> Tag { get; }

    private bool AreParametersSound { get; }

    // from-spec = ( name-addr / addr-spec ) *( SEMI from-param ); name-addr = [ display-name ] LAQUOT addr-spec RAQUOT
    public static bool TryParse(ReadOnlySpan<byte> value, out NameAddrView view)
    {
        view = default;
        value = SipText.Trim(value);
        var display = ReadOnlySpan<byte>.Empty;
        if (!value.IsEmpty && value[0] == '"')
        {
            var length = SipText.QuotedLength(value);
            if (length < 0) return false;
            display = value[..length];
            value = SipText.Trim(value[length..]);
            if (value.IsEmpty || value[0] != '<') return false;
        }
        var open = value.IndexOf((byte)'<');
        if (open < 0) return TryParseBare(value, out view);
        if (open > 0) display = SipText.Trim(value[..open]);
        // A token list is what the grammar wants; unquoted text is taken as RFC 4475 section 3.1.2.15 allows.
        if (open > 0 && display.IndexOfAny((byte)'"', (byte)'>', (byte)';') >= 0) return false;
        value = value[(open + 1)..];
        var close = value.IndexOf((byte)'>');
        if (close < 0) return false;
        view = new NameAddrView(display, value[..close], SipText.Trim(value[(close + 1)..]));
        return view.AreParametersSound && IsUri(view.Uri);
    }

    // addr-spec without brackets: parameters belong to the header, "?" and "," are not allowed (RFC 3261 section 20).
    private static bool TryParseBare(ReadOnlySpan<byte> value, out NameAddrView view)
    {
        var semicolon = value.IndexOf((byte)';');
        var uri = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        view = new NameAddrView(default, uri, semicolon < 0 ? default : value[semicolon..]);
        return uri.IndexOfAny((byte)'?', (byte)',') < 0 && view.AreParametersSound && IsUri(uri);
    }

    private static bool IsUri(ReadOnlySpan<byte> uri) => SipUriView.TryParse(uri, out _);
}
