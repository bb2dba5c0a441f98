using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Walks over the lines of a message that our side wrote, without tables: enough to find a Via or to leave lines out.
/// </summary>
internal ref struct MessageLines
{
    private ReadOnlySpan<byte> _rest;

    public MessageLines(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n"u8);
        StartLine = end < 0 ? message : message[..(end + 2)];
        _rest = message[StartLine.Length..];
    }

    /// <summary>With its line end.</summary>
    public ReadOnlySpan<byte> StartLine { get; }

    public SipHeaderKind Kind { get; private set; }

    /// <summary>The whole header line with its folds and its line end.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>The trimmed value.</summary>
    public readonly ReadOnlySpan<byte> Value => SipText.Trim(Line[(Line.IndexOf((byte)':') + 1)..^2]);

    /// <summary>After the last header: the empty line and the body.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>False at the empty line.</summary>
    public bool MoveNext()
    {
        if (_rest.StartsWith("\r\n"u8)) return false;
        var length = 0;
        do
        {
            var end = _rest[length..].IndexOf("\r\n"u8);
            if (end < 0) return false;
            length += end + 2;
        }
        while (length < _rest.Length && SipChars.IsWhite(_rest[length]));
        Line = _rest[..length];
        _rest = _rest[length..];
        var colon = Line.IndexOf((byte)':');
        Kind = colon < 1 ? SipHeaderKind.Other : SipHeaderNames.Parse(Line[..colon].TrimEnd(" \t"u8));
        return true;
    }

    /// <summary>The branch of the first Via; empty when there is none.</summary>
    public static ReadOnlySpan<byte> BranchOf(ReadOnlySpan<byte> message)
    {
        var lines = new MessageLines(message);
        while (lines.MoveNext())
        {
            if (lines.Kind != SipHeaderKind.Via) continue;
            return SipViaView.TryParse(lines.Value, out var via) ? via.Branch : default;
        }
        return default;
    }

    /// <summary>The To tag; empty when there is none.</summary>
    public static ReadOnlySpan<byte> ToTagOf(ReadOnlySpan<byte> message)
    {
        var lines = new MessageLines(message);
        while (lines.MoveNext())
        {
            if (lines.Kind != SipHeaderKind.To) continue;
            return NameAddrView.TryParse(lines.Value, out var to) ? to.Tag : default;
        }
        return default;
    }

    // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF; 0 when it is none
    public static int StatusCodeOf(ReadOnlySpan<byte> message)
    {
        if (message.Length < 12 || !message.StartsWith("SIP/2.0 "u8)) return 0;
        return SipText.TryReadNumber(message.Slice(8, 3), 699, out var code) && code >= 100 ? (int)code : 0;
    }
}
