using CallTracker.Core.Net;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Relay;

/// <summary>A source that might become a side's, and the run of consistent packets it has shown so far.</summary>
internal struct LatchCandidate
{
    // A gap this small between two packets is loss, not another stream.
    private const int GapMax = 16;
    // The next packet of a stream comes within this, or the stream is over; packet times go up to 120 ms. Fax and the
    // like have none.
    private const int AliveMsMax = 200;
    private const int OpaqueAliveMsMax = 2000;
    // Nobody sends four packets of audio in less: a burst is no stream. Shorter than three packet times of 20 ms, so
    // that an honest peer waits for nothing.
    private const int SpanMsMin = 50;
    private uint _ssrc;
    private ushort _sequence;
    private byte _payloadType;
    private bool _isOpaque;
    private long _firstMs;
    private long _lastMs;

    public IpEndpoint Source { get; private set; }

    public SourceRank Rank { get; private set; }

    /// <summary>Packets of the run; 0 when there is no candidate.</summary>
    public int Packets { get; private set; }

    /// <summary>True when it has sent something a moment ago.</summary>
    public readonly bool IsFresh(long nowMs) =>
        Packets > 0 && nowMs - _lastMs <= (_isOpaque ? OpaqueAliveMsMax : AliveMsMax);

    /// <summary>True when it sends a stream, and is sending it now.</summary>
    public readonly bool IsStream(long nowMs) => Packets > 1 && IsFresh(nowMs);

    /// <summary>True when it has shown enough packets, and taken the time that they take.</summary>
    public readonly bool IsProven(int packetsNeeded, long nowMs) =>
        Packets >= packetsNeeded && (packetsNeeded == 1 || nowMs - _firstMs >= SpanMsMin);

    public void Begin(in IpEndpoint source, SourceRank rank, in RtpHeader header, bool opaque, long nowMs)
    {
        _isOpaque = opaque;
        Source = source;
        Rank = rank;
        Packets = 0;
        _firstMs = nowMs;
        Take(header, nowMs);
    }

    /// <summary>Takes the next packet of the run; false for one that is not.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="header">Its header.</param>
    /// <param name="opaque">True for bytes that have nothing to be consistent in but their source.</param>
    /// <param name="nowMs">Worker time.</param>
    public bool TryContinue(in IpEndpoint source, in RtpHeader header, bool opaque, long nowMs)
    {
        if (source != Source || !IsFresh(nowMs)) return false;
        if (!opaque && !Follows(header)) return false;
        Take(header, nowMs);
        return true;
    }

    private readonly bool Follows(in RtpHeader header) =>
        header.Ssrc == _ssrc
        && header.PayloadType == _payloadType
        && (ushort)(header.Sequence - _sequence - 1) < GapMax;

    private void Take(in RtpHeader header, long nowMs)
    {
        Packets++;
        _ssrc = header.Ssrc;
        _sequence = header.Sequence;
        _payloadType = header.PayloadType;
        _lastMs = nowMs;
    }
}
