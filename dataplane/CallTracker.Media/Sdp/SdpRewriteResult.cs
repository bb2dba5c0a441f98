namespace CallTracker.Media.Sdp;

/// <summary>How rewriting an SDP ended.</summary>
public enum SdpRewriteResult
{
    Ok,
    /// <summary>The destination is too small; what is in it is useless.</summary>
    Overflow,
    /// <summary>The view holds no usable audio stream.</summary>
    NotUsable,
}
