using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Engine;

/// <summary>
/// Why the call at hand ends, as a value of Reason (RFC 3326): taken from the side that ended it or made by us, and
/// written into whatever the end sends. One per worker, empty between ends.
/// </summary>
internal sealed class ReasonNote
{
    private readonly byte[] _text = new byte[192];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    public void Clear() => _length = 0;

    // reason-value = protocol *(SEMI reason-params); protocol-cause = "cause" EQUAL cause; reason-text = "text" EQUAL
    public void Add(ReadOnlySpan<byte> protocol, int cause, ReadOnlySpan<byte> text)
    {
        var writer = new SipWriter(_text.AsSpan(_length));
        if (_length > 0) writer.Raw(", "u8);
        writer.Raw(protocol);
        writer.Raw(";cause="u8);
        writer.Number(cause);
        if (!text.IsEmpty)
        {
            writer.Raw(";text=\""u8);
            writer.Raw(text);
            writer.Raw("\""u8);
        }
        if (!writer.Overflowed) _length += writer.Length;
    }

    /// <summary>Writes the header when there is something to say.</summary>
    public void Write(ref SipWriter writer)
    {
        if (!IsEmpty) writer.Header(SipHeaderKind.Reason, Text);
    }
}
