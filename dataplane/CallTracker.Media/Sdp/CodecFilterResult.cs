namespace CallTracker.Media.Sdp;

/// <summary>What a <see cref="CodecFilter"/> made of an SDP.</summary>
public enum CodecFilterResult
{
    /// <summary>Nothing had to go; nothing was written.</summary>
    AllKept,
    /// <summary>The SDP with fewer formats was written.</summary>
    Reduced,
    /// <summary>No codec would be left.</summary>
    NoneLeft,
    /// <summary>The destination is too small; what is in it is useless.</summary>
    Overflow,
}
