namespace CallTracker.Media.Sdp;

/// <summary>Why a session description can, or cannot, be used for a relayed audio call.</summary>
public enum SdpParseResult
{
    Ok,
    Empty,
    TooLong,
    /// <summary>Does not begin with <c>v=0</c>.</summary>
    NotSdp,
    /// <summary>A line is not <c>x=value</c>, or holds a lone CR or a NUL.</summary>
    BadLine,
    BadMediaLine,
    TooManyMedia,
    /// <summary>No audio stream at all, or all with port 0.</summary>
    NoUsableAudio,
    /// <summary>Audio over something else than the RTP profiles.</summary>
    UnknownProtocol,
    /// <summary>No c= line applies to the audio stream.</summary>
    MissingConnection,
    /// <summary>The c= line that applies is malformed, or multicast.</summary>
    BadConnection,
    /// <summary>The c= line that applies holds a host name; a worker does not wait for DNS.</summary>
    HostName,
}
