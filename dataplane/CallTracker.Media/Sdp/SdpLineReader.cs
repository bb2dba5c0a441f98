namespace CallTracker.Media.Sdp;

/// <summary>Walks over the lines of an SDP. Ends of line are CRLF or LF (RFC 8866 section 5); empty lines are passed
/// over.</summary>
internal ref struct SdpLineReader
{
    private readonly ReadOnlySpan<byte> _text;
    private int _next;

    public SdpLineReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        _next = 0;
        Type = 0;
        Whole = default;
        Value = default;
        IsBad = false;
    }

    /// <summary>The letter before the equals sign.</summary>
    public byte Type { get; private set; }

    /// <summary>The line with its end.</summary>
    public SdpSlice Whole { get; private set; }

    /// <summary>What follows the equals sign, without the end of line.</summary>
    public SdpSlice Value { get; private set; }

    /// <summary>Why <see cref="TryNext"/> ended, when not by the end of the text.</summary>
    public bool IsBad { get; private set; }

    // A lone CR or a NUL ends a line for some readers: what they would see behind it would pass us unseen.
    public bool TryNext()
    {
        while (_next < _text.Length)
        {
            var start = _next;
            var length = _text[start..].IndexOf((byte)'\n');
            _next = length < 0 ? _text.Length : start + length + 1;
            var end = length < 0 ? _text.Length : start + length;
            if (length > 0 && _text[end - 1] == '\r') end--;
            if (end == start) continue;
            Whole = new SdpSlice(start, _next - start);
            IsBad = end - start < 2
                || _text[start + 1] != '='
                || _text[start] is < (byte)'a' or > (byte)'z'
                || _text[start..end].IndexOfAny((byte)'\r', (byte)0) >= 0;
            if (IsBad) return false;
            Type = _text[start];
            Value = new SdpSlice(start + 2, end - start - 2);
            return true;
        }
        return false;
    }
}
