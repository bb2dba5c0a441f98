using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Relay;

/// <summary>The times and counts of media handling. Immutable; shared by all workers.</summary>
public sealed class MediaSettings
{
    /// <summary>Longest silence of a side that should send; 0 switches the time-out off.</summary>
    public int SilenceMsMax { get; init; } = 60_000;

    /// <summary>
    /// The same while either side holds (RFC 3264 section 8.4): phones that hold send nothing for minutes. RTCP and
    /// signalling count as life then. Never shorter than the other limits; 0: a hold has no limit.
    /// </summary>
    public int HoldMsMax { get; init; } = 1_800_000;

    /// <summary>Longest wait for the first packet of a side that should send; 0 leaves it to the silence
    /// time-out.</summary>
    public int FirstPacketMsMax { get; init; }

    /// <summary>How long after signalling another source may be learned.</summary>
    public int LearnMs { get; init; } = 3000;

    /// <summary>Consistent packets in a row that a learned source must show.</summary>
    public int LearnPackets { get; init; } = 4;

    /// <summary>Port-unreachable answers in a row, without a packet from the peer, that mean it is gone; 0:
    /// never.</summary>
    public int PeerGoneRefusals { get; init; } = 100;

    /// <summary>Calls that may be converted between codecs at a time, on all workers together.</summary>
    public TranscodeBudget Transcodes { get; init; } = new(0);
}
