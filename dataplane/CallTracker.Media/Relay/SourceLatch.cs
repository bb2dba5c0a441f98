using CallTracker.Core.Net;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Relay;

/// <summary>
/// Decides from where a side's RTP is accepted, safe by construction:
/// the SDP address and port wins at once; another source needs a rule that allows it, an open window, and several
/// consistent packets in a row; once the window is shut nothing moves the latch but signalling.
/// Pure: no socket, no clock. Lives in the side; its worker alone touches it.
/// </summary>
internal struct SourceLatch
{
    // A gap this small between two packets of a candidate is loss, not another stream.
    private const int CandidateGapMax = 16;
    private IpEndpoint _former;
    private IpEndpoint _candidate;
    private long _openUntilMs;
    private uint _candidateSsrc;
    private ushort _candidateSequence;
    private byte _candidatePayloadType;
    private SourceRank _candidateRank;
    private int _candidatePackets;

    /// <summary>The address of the SDP; unspecified until known.</summary>
    public IpEndpoint Expected { get; private set; }

    /// <summary>The source that media is accepted from, once latched.</summary>
    public IpEndpoint Peer { get; private set; }

    /// <summary>What <see cref="Peer"/> stands on; None as long as nothing is latched.</summary>
    public SourceRank Rank { get; private set; }

    public IpEndpoint SignallingAddress { get; set; }

    public MediaSourceRule Rule { get; set; }

    /// <summary>Nothing but the exact SDP address and port may be latched, whatever the rule.</summary>
    public bool IsLearningBarred { get; set; }

    /// <summary>
    /// True for a peer that sends from elsewhere than it wants to be sent to (asymmetric RTP, RFC 4961 says why most do
    /// not): what is sent follows the SDP alone, what is received is latched as ever.
    /// </summary>
    public bool IsAsymmetric { get; set; }

    public readonly bool IsLatched => Rank != SourceRank.None;

    /// <summary>Where packets are taken from: the latched source, before that the SDP address.</summary>
    public readonly IpEndpoint Source => IsLatched ? Peer : Expected;

    /// <summary>Where to send: there, or for an asymmetric peer always to the SDP address.</summary>
    public readonly IpEndpoint Destination => IsAsymmetric ? Expected : Source;

    /// <summary>
    /// The source cannot change any more without signalling and is where to send, so the socket may be connected to it.
    /// </summary>
    public readonly bool IsFinal(long nowMs) =>
        Rank == SourceRank.SdpPort || (IsLatched && !IsAsymmetric && nowMs >= _openUntilMs);

    /// <summary>Takes a new SDP address. The same one again keeps the latch, and must not reopen it to
    /// strangers.</summary>
    /// <returns>True when the latch was given up.</returns>
    public bool Expect(in IpEndpoint rtp)
    {
        if (rtp == Expected) return false;
        _former = IsLatched ? Peer : Expected;
        Expected = rtp;
        Peer = default;
        Rank = SourceRank.None;
        ForgetCandidate();
        return true;
    }

    /// <summary>Opens the window, as long as nothing is latched.</summary>
    public void Open(long untilMs)
    {
        if (IsLatched || Expected.IsUnspecified) return;
        _openUntilMs = untilMs;
        ForgetCandidate();
    }

    /// <summary>Judges a well-formed packet that is not from the latched source.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="header">Its RTP header; nothing in it is looked at when <paramref name="opaque"/>.</param>
    /// <param name="opaque">The session carries other protocols than RTP.</param>
    /// <param name="packetsNeeded">Consistent packets a learned source must show.</param>
    /// <param name="nowMs">Worker time.</param>
    /// <returns>None when <see cref="Peer"/> is now this source, else why the packet is dropped.</returns>
    public MediaDropReason Judge(
        in IpEndpoint source, in RtpHeader header, bool opaque, int packetsNeeded, long nowMs)
    {
        var isOpen = nowMs < _openUntilMs;
        if (source == Expected && !Expected.IsUnspecified && (!IsLatched || isOpen))
        {
            Latch(source, SourceRank.SdpPort);
            return MediaDropReason.None;
        }
        if (IsLatched) return MediaDropReason.UnknownSource;
        if (source == _former) return MediaDropReason.FormerSource;
        var rank = RankOf(source);
        if (rank == SourceRank.None) return MediaDropReason.UnknownSource;
        if (!isOpen) return MediaDropReason.LearningClosed;
        if (rank < _candidateRank) return MediaDropReason.Learning;
        if (opaque || !ContinuesCandidate(source, header)) BeginCandidate(source, rank, opaque);
        _candidatePackets++;
        _candidateSsrc = header.Ssrc;
        _candidateSequence = header.Sequence;
        _candidatePayloadType = header.PayloadType;
        if (_candidatePackets < packetsNeeded) return MediaDropReason.Learning;
        Latch(source, rank);
        return MediaDropReason.None;
    }

    private void Latch(in IpEndpoint source, SourceRank rank)
    {
        Peer = source;
        Rank = rank;
        ForgetCandidate();
    }

    private readonly SourceRank RankOf(in IpEndpoint source)
    {
        if (Expected.IsUnspecified || IsLearningBarred) return SourceRank.None;
        if (Rule >= MediaSourceRule.SdpAddress && source.SameAddress(Expected)) return SourceRank.SdpAddress;
        var fromSignalling = !SignallingAddress.IsUnspecified && source.SameAddress(SignallingAddress);
        if (Rule >= MediaSourceRule.SignallingAddress && fromSignalling) return SourceRank.SignallingAddress;
        return Rule >= MediaSourceRule.AnyAddress ? SourceRank.AnyAddress : SourceRank.None;
    }

    private readonly bool ContinuesCandidate(in IpEndpoint source, in RtpHeader header) =>
        source == _candidate
        && header.Ssrc == _candidateSsrc
        && header.PayloadType == _candidatePayloadType
        && (ushort)(header.Sequence - _candidateSequence - 1) < CandidateGapMax;

    // Opaque bytes have nothing to be consistent in but their source.
    private void BeginCandidate(in IpEndpoint source, SourceRank rank, bool opaque)
    {
        if (opaque && source == _candidate) return;
        _candidate = source;
        _candidateRank = rank;
        _candidatePackets = 0;
    }

    private void ForgetCandidate()
    {
        _candidate = default;
        _candidateRank = SourceRank.None;
        _candidatePackets = 0;
    }
}
