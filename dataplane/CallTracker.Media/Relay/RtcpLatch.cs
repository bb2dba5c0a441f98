using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// Decides from where a side's RTCP (on its own port) is accepted: the SDP address and port, or another port of the
/// address its RTP is latched to, when it reports for the very stream that comes from there: a stranger does not know
/// that stream's SSRC. RTCP comes seconds apart, so the RTP latch vouches for it instead of a window.
/// Pure; lives in the side.
/// </summary>
internal struct RtcpLatch
{
    public IpEndpoint Expected { get; private set; }

    public IpEndpoint Peer { get; private set; }

    public bool IsLatched { get; private set; }

    /// <summary>Takes a new SDP address.</summary>
    /// <returns>True when the latch was given up.</returns>
    public bool Expect(in IpEndpoint rtcp)
    {
        if (rtcp == Expected) return false;
        Expected = rtcp;
        Reset();
        return true;
    }

    /// <summary>The RTP source moved: what it vouched for is void.</summary>
    public void Reset()
    {
        Peer = default;
        IsLatched = false;
    }

    /// <summary>Where to send; unspecified while RTP is learned from elsewhere and RTCP has not shown itself.</summary>
    public readonly IpEndpoint Destination(in SourceLatch rtp)
    {
        if (rtp.IsAsymmetric) return Expected;
        if (IsLatched) return Peer;
        return rtp.IsLatched && !rtp.Peer.SameAddress(rtp.Expected) ? default : Expected;
    }

    /// <summary>Judges a well-formed RTCP datagram.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="rtp">The side's RTP latch.</param>
    /// <param name="isOfStream">Its sender's SSRC is that of the RTP heard from the side.</param>
    public MediaDropReason Judge(in IpEndpoint source, in SourceLatch rtp, bool isOfStream)
    {
        if (IsLatched) return source == Peer ? MediaDropReason.None : MediaDropReason.UnknownSource;
        var mayLearn = rtp.Rule > MediaSourceRule.SdpPort && !rtp.IsLearningBarred;
        var vouched = mayLearn && isOfStream && rtp.IsLatched && source.SameAddress(rtp.Peer);
        if (Expected.IsUnspecified || (source != Expected && !vouched)) return MediaDropReason.UnknownSource;
        Peer = source;
        IsLatched = true;
        return MediaDropReason.None;
    }
}
