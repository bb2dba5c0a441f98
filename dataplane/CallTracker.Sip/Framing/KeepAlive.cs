namespace CallTracker.Sip.Framing;

/// <summary>The keep-alive of connections (RFC 5626 section 3.5.1).</summary>
public static class KeepAlive
{
    /// <summary>The answer to CRLFCRLF.</summary>
    public static ReadOnlySpan<byte> Pong => "\r\n"u8;
}
