namespace CallTracker.Sip.Parsing;

/// <summary>What became of a datagram: <see cref="Ok"/>, or the first reason to refuse it.</summary>
public enum SipParseResult : byte
{
    Ok = 0,

    /// <summary>Nothing but line ends: a keep-alive (RFC 5626 section 3.5.1), to be ignored.</summary>
    KeepAlive,

    /// <summary>No complete start line.</summary>
    TooShort,

    /// <summary>More than <see cref="SipMessage.LengthMax"/> bytes.</summary>
    TooLong,
    BadStartLine,
    UnsupportedVersion,
    BadUri,

    /// <summary>
    /// A line that is no header, or a known header whose value breaks its grammar: <see cref="SipMessage.Culprit"/>.
    /// </summary>
    BadHeader,

    /// <summary>More than <see cref="SipMessage.HeaderCountMax"/> header values.</summary>
    TooManyHeaders,

    /// <summary>The empty line after the headers is missing.</summary>
    HeadersTruncated,

    /// <summary>A header that every message must have: <see cref="SipMessage.Culprit"/>.</summary>
    MissingMandatory,

    /// <summary>A header that may stand once stands twice: <see cref="SipMessage.Culprit"/>.</summary>
    DuplicateSingle,
    BadVia,
    BadFrom,
    BadTo,
    BadCSeq,
    BadMaxForwards,
    BadContentLength,

    /// <summary>Fewer bytes of body than Content-Length promises.</summary>
    BodyTruncated,
}
