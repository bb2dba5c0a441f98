namespace CallTracker.Media.Rtp;

/// <summary>Why bytes are, or are not, an RTP packet (RFC 3550 section 5.1).</summary>
public enum RtpParseResult
{
    Ok,
    TooShort,
    BadVersion,
    SourcesBeyondEnd,
    ExtensionBeyondEnd,
    BadPadding,
}
