using CallTracker.Core.Net;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Relay;

/// <summary>
/// Decides from where a side's RTP is accepted, safe by construction:
/// the SDP address and port wins at once; another source needs a rule that allows it, an open window, patience where
/// the SDP is to be believed, and several consistent packets over time that nobody of its rank disputes; once the
/// window is shut nothing moves the latch but signalling. Why: ops/decisions/0048-latch.md.
/// Pure: no socket, no clock. Lives in the side; its worker alone touches it.
/// </summary>
internal struct SourceLatch
{
    /// <summary>
    /// So long after the answer the SDP address and port has for itself, unless the peer is behind a NAT: who speaks
    /// from there within that time cannot be impersonated from elsewhere.
    /// </summary>
    public const int PatienceMs = 1000;
    private IpEndpoint _former;
    private LatchCandidate _candidate;
    private LatchCandidate _rival;
    private long _openUntilMs;
    private long _patientUntilMs;

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

    // The SDP tells an address of the peer's own network, while its signalling comes from another: nothing can come
    // from what the SDP says.
    private readonly bool IsBehindNat =>
        Expected.IsPrivate && !SignallingAddress.IsUnspecified && !SignallingAddress.IsPrivate;

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
        ForgetCandidates();
        return true;
    }

    /// <summary>
    /// Opens the window after signalling. What was learned before stays, and may be outranked once more: a peer that
    /// was silent until now has its chance against whoever was quicker.
    /// </summary>
    /// <param name="nowMs">Worker time.</param>
    /// <param name="learnMs">How long it stays open.</param>
    /// <param name="isAnswered">False: nobody has to speak yet, and silence proves nothing.</param>
    public void Open(long nowMs, int learnMs, bool isAnswered)
    {
        if (Rank == SourceRank.SdpPort || Expected.IsUnspecified) return;
        _openUntilMs = nowMs + learnMs;
        _patientUntilMs = isAnswered ? nowMs + PatienceMs : long.MaxValue;
        if (IsBehindNat || IsAsymmetric) _patientUntilMs = nowMs;
        ForgetCandidates();
    }

    /// <summary>
    /// False for a source that cannot be taken now whatever it sends, so that nothing of a packet of its is looked at:
    /// on a secure side even a right one, brought by somebody else, must not be taken for heard.
    /// </summary>
    public readonly bool MayTake(in IpEndpoint source, long nowMs)
    {
        if (source == Source) return true;
        if (nowMs >= _openUntilMs) return false;
        return source == Expected || (nowMs >= _patientUntilMs && RankOf(source) > Rank);
    }

    /// <summary>The peer chose this source by ICE, which proves more than any packet of media.</summary>
    public void Nominate(in IpEndpoint source)
    {
        Expected = source;
        Latch(source, SourceRank.SdpPort);
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
        if (IsLatched && !isOpen) return MediaDropReason.UnknownSource;
        if (source == _former) return MediaDropReason.FormerSource;
        var rank = RankOf(source);
        if (rank <= Rank) return MediaDropReason.UnknownSource;
        if (!isOpen) return MediaDropReason.LearningClosed;
        var isOutranked = rank < _candidate.Rank && _candidate.IsFresh(nowMs);
        if (nowMs < _patientUntilMs || isOutranked) return MediaDropReason.Learning;
        return Learn(source, rank, header, opaque, packetsNeeded, nowMs);
    }

    private MediaDropReason Learn(
        in IpEndpoint source, SourceRank rank, in RtpHeader header, bool opaque, int packetsNeeded, long nowMs)
    {
        var continues = _candidate.TryContinue(source, header, opaque, nowMs);
        var takesPlace = rank > _candidate.Rank || source == _candidate.Source || !_candidate.IsFresh(nowMs);
        if (!continues && takesPlace) _candidate.Begin(source, rank, header, opaque, nowMs);
        else if (!continues) return Contest(source, rank, header, opaque, nowMs);
        if (!_candidate.IsProven(packetsNeeded, nowMs)) return MediaDropReason.Learning;
        Latch(source, rank);
        return MediaDropReason.None;
    }

    // Another source of the candidate's rank. Single packets, however many, disturb nobody; of two that both send a
    // stream neither is believed, as nothing tells which is the peer's.
    private MediaDropReason Contest(
        in IpEndpoint source, SourceRank rank, in RtpHeader header, bool opaque, long nowMs)
    {
        if (!_rival.TryContinue(source, header, opaque, nowMs))
        {
            _rival.Begin(source, rank, header, opaque, nowMs);
            return MediaDropReason.Learning;
        }
        var isContested = _candidate.IsStream(nowMs);
        _candidate = isContested ? default : _rival;
        _rival = default;
        return isContested ? MediaDropReason.LearningContested : MediaDropReason.Learning;
    }

    private void Latch(in IpEndpoint source, SourceRank rank)
    {
        Peer = source;
        Rank = rank;
        ForgetCandidates();
    }

    private readonly SourceRank RankOf(in IpEndpoint source)
    {
        if (Expected.IsUnspecified || IsLearningBarred) return SourceRank.None;
        if (Rule >= MediaSourceRule.SdpAddress && source.SameAddress(Expected)) return SourceRank.SdpAddress;
        var fromSignalling = !SignallingAddress.IsUnspecified && source.SameAddress(SignallingAddress);
        if (Rule >= MediaSourceRule.SignallingAddress && fromSignalling)
            return source.Port == Expected.Port ? SourceRank.SignallingPort : SourceRank.SignallingAddress;
        return Rule >= MediaSourceRule.AnyAddress ? SourceRank.AnyAddress : SourceRank.None;
    }

    private void ForgetCandidates()
    {
        _candidate = default;
        _rival = default;
    }
}
