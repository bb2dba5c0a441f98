using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Framing;

/// <summary>
/// Cuts the byte stream of one connection into SIP messages by Content-Length (RFC 3261 section 18.3). Lines end as
/// they do for the parser, so that both always agree where a message ends. Looks at every byte of a head once, however
/// the bytes come. Holds no bytes itself; the connection's reader owns it, one thread at a time.
/// </summary>
/// <param name="headBytesMax">Bytes of start line and headers at most.</param>
/// <param name="messageBytesMax">Bytes of a whole message at most.</param>
public sealed class StreamFramer(
    int headBytesMax = StreamFramer.DefaultHeadBytesMax, int messageBytesMax = SipMessage.LengthMax)
{
    /// <summary>What the head of a message may take when nothing else is asked for.</summary>
    public const int DefaultHeadBytesMax = 16 * 1024;

    /// <summary>A start line longer than this is no start line.</summary>
    public const int StartLineBytesMax = 4096;
    private const int NotSeen = -1;
    private const int Bad = -2;
    // Of the message at hand: where its first unfinished line begins, how far that was searched for its end.
    private int _lineStart;
    private int _searched;
    private bool _hasStartLine;
    private int _headLength;
    private long _contentLength = NotSeen;
    // The value of Content-Length may go on in folded lines (RFC 3261 section 7.3.1): read when the next line begins.
    private int _valueStart = NotSeen;

    /// <summary>True when the bytes given last began a message that is not whole.</summary>
    public bool IsInsideMessage { get; private set; }

    /// <summary>
    /// Looks at the stream's bytes from the first that was not taken yet. After anything but
    /// <see cref="StreamFrame.Partial"/> the caller drops <paramref name="length"/> bytes and asks again with the rest;
    /// after Partial it comes again with the same bytes and more behind them.
    /// </summary>
    /// <param name="bytes">All bytes that were not taken yet.</param>
    /// <param name="length">Bytes that the frame takes; 0 for Partial and Garbage.</param>
    public StreamFrame TryTake(ReadOnlySpan<byte> bytes, out int length)
    {
        var frame = Find(bytes, out length);
        IsInsideMessage = frame == StreamFrame.Partial && !bytes.IsEmpty && !IsLineEnd(bytes[0]);
        if (frame != StreamFrame.Partial) Reset();
        return frame;
    }

    private StreamFrame Find(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.IsEmpty) return StreamFrame.Partial;
        if (IsLineEnd(bytes[0])) return FindBetweenMessages(bytes, out length);
        while (_headLength == 0)
        {
            var end = bytes[_searched..].IndexOf((byte)'\n');
            if (end < 0) return Await(bytes);
            var next = _searched + end + 1;
            if (next > headBytesMax) return StreamFrame.HeadTooLong;
            var refusal = TakeLine(bytes, next);
            if (refusal != StreamFrame.Partial) return refusal;
            (_lineStart, _searched) = (next, next);
        }
        return FindEnd(bytes, out length);
    }

    // A ping is CRLFCRLF; anything else that is only line ends is dropped, for which the fourth byte must be known.
    private static StreamFrame FindBetweenMessages(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        var ping = "\r\n\r\n"u8;
        if (bytes.StartsWith(ping))
        {
            length = ping.Length;
            return StreamFrame.Ping;
        }
        if (bytes.Length < ping.Length && ping.StartsWith(bytes)) return StreamFrame.Partial;
        length = bytes.StartsWith("\r\n"u8) ? 2 : 1;
        return StreamFrame.LineEnds;
    }

    // The line has no end yet: enough of it must be there to doubt, or the head may not grow for ever.
    private StreamFrame Await(ReadOnlySpan<byte> bytes)
    {
        _searched = bytes.Length;
        if (!_hasStartLine && !StartLineShape.CanBegin(bytes)) return StreamFrame.Garbage;
        if (!_hasStartLine && bytes.Length > StartLineBytesMax) return StreamFrame.Garbage;
        return bytes.Length > headBytesMax ? StreamFrame.HeadTooLong : StreamFrame.Partial;
    }

    // Partial means that the head goes on behind this line, or has ended with it (then its length is known).
    private StreamFrame TakeLine(ReadOnlySpan<byte> bytes, int next)
    {
        var line = bytes[_lineStart..(next - 1)];
        if (line.EndsWith("\r"u8)) line = line[..^1];
        if (!_hasStartLine)
        {
            _hasStartLine = true;
            return StartLineShape.IsWhole(line) ? StreamFrame.Partial : StreamFrame.Garbage;
        }
        if (!line.IsEmpty && SipChars.IsWhite(line[0])) return StreamFrame.Partial;
        ReadContentLength(bytes);
        if (line.IsEmpty) _headLength = next;
        else NoteContentLength(line);
        return StreamFrame.Partial;
    }

    private void NoteContentLength(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 1) return;
        if (SipHeaderNames.Parse(SipText.TrimEnd(line[..colon])) == SipHeaderKind.ContentLength)
            _valueStart = _lineStart + colon + 1;
    }

    // Content-Length = ( "Content-Length" / "l" ) HCOLON 1*DIGIT
    private void ReadContentLength(ReadOnlySpan<byte> bytes)
    {
        if (_valueStart == NotSeen) return;
        var text = bytes[_valueStart.._lineStart].Trim(" \t\r\n"u8);
        var isGood = SipText.TryReadNumber(text, int.MaxValue, out var value) && _contentLength == NotSeen;
        _contentLength = isGood ? value : Bad;
        _valueStart = NotSeen;
    }

    private StreamFrame FindEnd(ReadOnlySpan<byte> bytes, out int length)
    {
        length = _headLength;
        if (_contentLength == NotSeen) return StreamFrame.NoContentLength;
        if (_contentLength == Bad) return StreamFrame.BadContentLength;
        if (_headLength + _contentLength > messageBytesMax) return StreamFrame.MessageTooLong;
        length += (int)_contentLength;
        if (bytes.Length >= length) return StreamFrame.Message;
        length = 0;
        return StreamFrame.Partial;
    }

    private void Reset()
    {
        (_lineStart, _searched, _headLength, _hasStartLine) = (0, 0, 0, false);
        (_contentLength, _valueStart) = (NotSeen, NotSeen);
    }

    private static bool IsLineEnd(byte c) => c is (byte)'\r' or (byte)'\n';
}
