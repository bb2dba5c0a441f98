namespace CallTracker.Media.Relay;

/// <summary>Why a received datagram was not relayed. The numbers index <see cref="MediaCounters"/>.</summary>
public enum MediaDropReason
{
    None,
    /// <summary>It came to a port that no call uses.</summary>
    Stray,
    TooShort,
    TooLong,
    /// <summary>Not RTP by its header, on an RTP port.</summary>
    NotRtp,
    /// <summary>Not RTCP by its header, on an RTCP port.</summary>
    NotRtcp,
    /// <summary>RTCP on the RTP port of a side that did not agree to rtcp-mux.</summary>
    UnexpectedRtcp,
    Stun,
    Dtls,
    OtherProtocol,
    /// <summary>A source that the side's rule never allows, or one beside the latched source.</summary>
    UnknownSource,
    /// <summary>A source that the rule would allow, outside the learning window.</summary>
    LearningClosed,
    /// <summary>A source still being learned: not enough consistent packets yet.</summary>
    Learning,
    /// <summary>The source the side had before signalling moved it.</summary>
    FormerSource,
    /// <summary>The other side has no address to send to (yet, or on hold).</summary>
    NoPeer,
    /// <summary>The kernel's send buffer was full.</summary>
    SendBufferFull,
    /// <summary>Any other error of sending.</summary>
    SendFailed,
    /// <summary>On a secure side: the tag is wrong, or it is not encrypted at all.</summary>
    SrtpForged,
    /// <summary>From or to a secure side: its index was used before, or is too old to tell.</summary>
    SrtpReplayed,
    /// <summary>From or to a secure side: too short or long, one source too many, or the key has served its
    /// time.</summary>
    SrtpRefused,
    /// <summary>Two sources of one rank send streams at the same time: neither is learned.</summary>
    LearningContested,
    /// <summary>The other side was played a prompt in its place.</summary>
    PlayedOver,
    /// <summary>In a converted call: late, too fast, of an unknown payload type, or not to be decoded.</summary>
    NotConverted,
    /// <summary>From or to a side whose DTLS handshake is not done.</summary>
    SrtpNoKey,
}
