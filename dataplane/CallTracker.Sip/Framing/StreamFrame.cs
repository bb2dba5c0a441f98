namespace CallTracker.Sip.Framing;

/// <summary>What a <see cref="StreamFramer"/> found at the start of a stream's bytes.</summary>
public enum StreamFrame : byte
{
    /// <summary>Nothing whole yet; come again with more bytes behind these.</summary>
    Partial = 0,

    /// <summary>One whole message.</summary>
    Message,

    /// <summary>CRLFCRLF, a keep-alive that is to be answered with CRLF (RFC 5626 section 3.5.1).</summary>
    Ping,

    /// <summary>Line ends between messages, to be dropped (RFC 3261 section 7.5).</summary>
    LineEnds,

    /// <summary>No SIP message can begin so; the stream is lost.</summary>
    Garbage,

    /// <summary>Start line and headers are longer than allowed; the stream is lost.</summary>
    HeadTooLong,

    /// <summary>The Content-Length goes beyond what is allowed; the length given is that of the head.</summary>
    MessageTooLong,

    /// <summary>
    /// The head has no Content-Length, without which a stream cannot be cut (RFC 3261 section 18.3); the length given
    /// is that of the head.
    /// </summary>
    NoContentLength,

    /// <summary>A Content-Length that is no number, or a second one; the length given is that of the head.</summary>
    BadContentLength,
}
