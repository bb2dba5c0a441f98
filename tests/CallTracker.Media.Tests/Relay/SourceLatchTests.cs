using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>The latch as a table of who may win, without sockets.</summary>
public sealed class SourceLatchTests
{
    private const int Needed = 4;
    private const int WindowMs = 3000;
    private const int PacketMs = 20;
    private static readonly IpEndpoint Sdp = RelayHarness.Endpoint("10.0.0.1", 4000);
    private static readonly IpEndpoint SdpOtherPort = RelayHarness.Endpoint("10.0.0.1", 5000);
    private static readonly IpEndpoint Signalling = RelayHarness.Endpoint("203.0.113.5", 6000);
    private static readonly IpEndpoint Stranger = RelayHarness.Endpoint("198.51.100.9", 7000);

    [Theory]
    [InlineData(MediaSourceRule.SdpPort, false, false, false)]
    [InlineData(MediaSourceRule.SdpAddress, true, false, false)]
    [InlineData(MediaSourceRule.SignallingAddress, true, true, false)]
    [InlineData(MediaSourceRule.AnyAddress, true, true, true)]
    public void OpenWindow_ByRule_LearnsOnlyWhatTheRuleAllows(
        MediaSourceRule rule, bool otherPort, bool signalling, bool stranger)
    {
        Learns(rule, SdpOtherPort).ShouldBe(otherPort);
        Learns(rule, Signalling).ShouldBe(signalling);
        Learns(rule, Stranger).ShouldBe(stranger);
    }

    [Fact]
    public void SdpSource_FirstPacket_LatchesAtOnceAndFinally()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        Judge(ref latch, Sdp, 1).ShouldBe(MediaDropReason.None);
        latch.IsFinal(0).ShouldBeTrue();
        for (var i = 0; i < 20; i++) Judge(ref latch, Stranger, i).ShouldBe(MediaDropReason.UnknownSource);
        latch.Peer.ShouldBe(Sdp);
    }

    [Fact]
    public void SdpSource_AfterAnotherWasLearned_TakesOverWhileTheWindowIsOpenOnly()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        for (var i = 0; i < Needed; i++) Judge(ref latch, Stranger, i, i * PacketMs);
        latch.Peer.ShouldBe(Stranger);
        latch.IsFinal(nowMs: 2999).ShouldBeFalse();
        var late = latch;
        Judge(ref latch, Sdp, 1, nowMs: 2999).ShouldBe(MediaDropReason.None);
        latch.Peer.ShouldBe(Sdp);
        Judge(ref late, Sdp, 1, nowMs: 3000).ShouldBe(MediaDropReason.UnknownSource);
        late.Peer.ShouldBe(Stranger);
        late.IsFinal(nowMs: 3000).ShouldBeTrue();
    }

    [Fact]
    public void Candidate_WithInconsistentPackets_IsNeverLearned()
    {
        Inconsistent(i => Packets.Rtp(i, ssrc: (uint)i));
        Inconsistent(i => Packets.Rtp(i, payloadType: (byte)(i % 2)));
        Inconsistent(_ => Packets.Rtp(5));
        Inconsistent(i => Packets.Rtp(1000 - i));
        Inconsistent(i => Packets.Rtp(i * 100));

        static void Inconsistent(Func<int, byte[]> packet)
        {
            var latch = NewLatch(MediaSourceRule.AnyAddress);
            for (var i = 0; i < 50; i++)
                JudgePacket(ref latch, Stranger, packet(i), i * PacketMs).ShouldBe(MediaDropReason.Learning);
            latch.IsLatched.ShouldBeFalse();
        }
    }

    [Fact]
    public void Candidate_OverTheSequenceWrap_IsLearned()
    {
        var latch = NewLatch(MediaSourceRule.SdpAddress);
        foreach (var sequence in (int[])[65534, 65535, 0])
            Judge(ref latch, SdpOtherPort, sequence).ShouldBe(MediaDropReason.Learning);
        Judge(ref latch, SdpOtherPort, 3, 3 * PacketMs).ShouldBe(MediaDropReason.None);
    }

    [Fact]
    public void Candidate_OfLowerRank_DisturbsNoHigherOne()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        Judge(ref latch, SdpOtherPort, 0);
        for (var i = 1; i < Needed; i++)
        {
            for (var spray = 0; spray < 10; spray++)
                Judge(ref latch, Stranger, spray, i * PacketMs).ShouldBe(MediaDropReason.Learning);
            Judge(ref latch, SdpOtherPort, i, i * PacketMs);
        }
        latch.Peer.ShouldBe(SdpOtherPort);
    }

    [Fact]
    public void Candidates_OfOneRankInterleaved_NeitherIsLearned()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        var other = RelayHarness.Endpoint("198.51.100.10", 7000);
        var contested = 0;
        for (var i = 0; i < 100; i++)
        {
            Judge(ref latch, Stranger, i, i * PacketMs).ShouldBe(MediaDropReason.Learning);
            var reason = Judge(ref latch, other, i, (i * PacketMs) + 7);
            if (reason == MediaDropReason.LearningContested) contested++;
            else reason.ShouldBe(MediaDropReason.Learning);
        }
        latch.IsLatched.ShouldBeFalse();
        contested.ShouldBe(50);
    }

    [Fact]
    public void Window_WhenShut_LearnsNobodyButTheSdpSource()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        for (var i = 0; i < 20; i++)
            Judge(ref latch, SdpOtherPort, i, nowMs: 3000).ShouldBe(MediaDropReason.LearningClosed);
        Judge(ref latch, Sdp, 1, nowMs: 900_000).ShouldBe(MediaDropReason.None);
    }

    [Fact]
    public void Expect_SameAddressAgain_KeepsTheLatchShut()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        Judge(ref latch, Sdp, 1);
        latch.Expect(Sdp).ShouldBeFalse();
        latch.Open(0, 9000, isAnswered: true);
        latch.Peer.ShouldBe(Sdp);
        for (var i = 0; i < 20; i++)
            Judge(ref latch, Stranger, i, nowMs: 8000).ShouldBe(MediaDropReason.UnknownSource);
    }

    [Fact]
    public void Expect_NewAddress_AllowsOneNewLatchButNotTheFormerSource()
    {
        var latch = NewLatch(MediaSourceRule.SdpAddress);
        Judge(ref latch, Sdp, 1);
        var moved = Sdp.WithPort(4400);
        latch.Expect(moved).ShouldBeTrue();
        latch.Open(3000, WindowMs, isAnswered: true);
        latch.Destination.ShouldBe(moved);
        for (var i = 2; i < 30; i++) Judge(ref latch, Sdp, i, 3100).ShouldBe(MediaDropReason.FormerSource);
        Judge(ref latch, moved, 40, 3200).ShouldBe(MediaDropReason.None);
        latch.Peer.ShouldBe(moved);
    }

    [Fact]
    public void Learning_BarredForOurOwnAddress_TakesTheExactSourceOnly()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        latch.IsLearningBarred = true;
        for (var i = 0; i < 20; i++) Judge(ref latch, SdpOtherPort, i).ShouldBe(MediaDropReason.UnknownSource);
        Judge(ref latch, Sdp, 1).ShouldBe(MediaDropReason.None);
    }

    [Fact]
    public void Latch_WithoutSdp_AcceptsNobody()
    {
        var latch = new SourceLatch { Rule = MediaSourceRule.AnyAddress };
        latch.Open(0, 10_000, isAnswered: true);
        for (var i = 0; i < 20; i++) Judge(ref latch, Stranger, i).ShouldBe(MediaDropReason.UnknownSource);
        Judge(ref latch, default, 1).ShouldNotBe(MediaDropReason.None);
    }

    [Fact]
    public void OpaqueCandidate_WithEnoughDatagrams_IsLearned()
    {
        var latch = NewLatch(MediaSourceRule.SdpAddress);
        for (var i = 1; i < Needed; i++)
            latch.Judge(SdpOtherPort, default, opaque: true, Needed, i * 500).ShouldBe(MediaDropReason.Learning);
        latch.Judge(SdpOtherPort, default, opaque: true, Needed, 2000).ShouldBe(MediaDropReason.None);
    }

    [Fact]
    public void Candidate_InABurst_IsNotLearnedUntilAStreamsTimeHasPassed()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        for (var i = 0; i < 100; i++) Judge(ref latch, Stranger, i, i / 2).ShouldBe(MediaDropReason.Learning);
        Judge(ref latch, Stranger, 100, 50).ShouldBe(MediaDropReason.None);
    }

    // What a sprayer with many ports behind the peer's own NAT does: each packet is of another source.
    [Fact]
    public void Candidate_AmongSinglePacketsOfItsRank_IsLearnedAllTheSame()
    {
        var latch = NewLatch(MediaSourceRule.SignallingAddress);
        for (var i = 1; i <= Needed; i++)
        {
            Judge(ref latch, Signalling.WithPort((ushort)(20_000 + i)), 7, (i * PacketMs) - 5);
            Judge(ref latch, Signalling, i, i * PacketMs);
        }
        for (var i = Needed + 1; i <= 2 * Needed; i++) Judge(ref latch, Signalling, i, i * PacketMs);
        latch.Peer.ShouldBe(Signalling);
    }

    [Fact]
    public void Candidate_OfHigherRankThatFellSilent_GivesWay()
    {
        var latch = NewLatch(MediaSourceRule.SignallingAddress);
        Judge(ref latch, SdpOtherPort, 1);
        for (var i = 0; i < 8; i++) Judge(ref latch, Signalling, i, 300 + (i * PacketMs));
        latch.Peer.ShouldBe(Signalling);
    }

    [Fact]
    public void Source_AtTheSignallingAddressWithTheSdpPort_OutranksItsOtherPorts()
    {
        var latch = NewLatch(MediaSourceRule.SignallingAddress);
        Learn(ref latch, Signalling, fromMs: 0);
        latch.Peer.ShouldBe(Signalling);
        Learn(ref latch, Signalling.WithPort(Sdp.Port), fromMs: 100);
        latch.Peer.ShouldBe(Signalling.WithPort(Sdp.Port));
        Learn(ref latch, Signalling, fromMs: 300);
        latch.Peer.ShouldBe(Signalling.WithPort(Sdp.Port));
    }

    // A neighbour at the peer's address has nothing to win while the SDP is to be believed and the peer speaks in time.
    [Fact]
    public void PeerAtAPublicAddress_UntilOneSecondAfterTheAnswer_IsLearnedFromItsSdpAlone()
    {
        var (sdp, neighbour) = (Signalling.WithPort(4000), Signalling.WithPort(5000));
        var latch = new SourceLatch { Rule = MediaSourceRule.AnyAddress, SignallingAddress = Signalling };
        latch.Expect(sdp);
        latch.Open(0, WindowMs, isAnswered: false);
        for (var i = 0; i < 100; i++)
            Judge(ref latch, neighbour, i, i * PacketMs).ShouldBe(MediaDropReason.Learning);
        latch.Open(2000, WindowMs, isAnswered: true);
        var silent = latch;
        for (var i = 100; i < 140; i++)
            Judge(ref latch, neighbour, i, i * PacketMs).ShouldBe(MediaDropReason.Learning);
        Judge(ref latch, sdp, 1, 2990).ShouldBe(MediaDropReason.None);
        Learn(ref silent, neighbour, fromMs: 2990);
        silent.IsLatched.ShouldBeFalse();
        Learn(ref silent, neighbour, fromMs: 3000);
        silent.Peer.ShouldBe(neighbour);
    }

    [Fact]
    public void AsymmetricPeer_BeforeTheAnswer_IsLearnedAtOnce()
    {
        var latch = new SourceLatch { Rule = MediaSourceRule.SdpAddress, IsAsymmetric = true };
        latch.Expect(Signalling);
        latch.Open(0, WindowMs, isAnswered: false);
        Learn(ref latch, Signalling.WithPort(9), fromMs: 0);
        latch.IsLatched.ShouldBeTrue();
        latch.Destination.ShouldBe(Signalling);
    }

    // Whoever was quicker while the peer was silent loses the call when the peer speaks after the next signalling.
    [Fact]
    public void Open_OnALearnedSource_LetsTheSdpSourceTakeOverButNoEqual()
    {
        var latch = NewLatch(MediaSourceRule.AnyAddress);
        Learn(ref latch, Stranger, fromMs: 0);
        latch.IsFinal(WindowMs).ShouldBeTrue();
        latch.Open(20_000, WindowMs, isAnswered: true);
        latch.IsFinal(20_000).ShouldBeFalse();
        latch.Peer.ShouldBe(Stranger);
        Learn(ref latch, Stranger.WithPort(9), fromMs: 20_000);
        latch.Peer.ShouldBe(Stranger);
        Judge(ref latch, Sdp, 1, 20_500).ShouldBe(MediaDropReason.None);
        latch.Peer.ShouldBe(Sdp);
    }

    private static void Learn(ref SourceLatch latch, IpEndpoint source, long fromMs)
    {
        for (var i = 0; i < Needed; i++) Judge(ref latch, source, i, fromMs + (i * PacketMs));
    }

    private static bool Learns(MediaSourceRule rule, IpEndpoint source)
    {
        var latch = NewLatch(rule);
        Learn(ref latch, source, fromMs: 0);
        return latch.IsLatched;
    }

    private static SourceLatch NewLatch(MediaSourceRule rule)
    {
        var latch = new SourceLatch { Rule = rule, SignallingAddress = Signalling.WithPort(0) };
        latch.Expect(Sdp);
        latch.Open(0, WindowMs, isAnswered: false);
        return latch;
    }

    private static MediaDropReason Judge(ref SourceLatch latch, IpEndpoint source, int sequence, long nowMs = 0) =>
        JudgePacket(ref latch, source, Packets.Rtp(sequence), nowMs);

    private static MediaDropReason JudgePacket(ref SourceLatch latch, IpEndpoint source, byte[] packet, long nowMs)
    {
        RtpHeader.Parse(packet, paddingReadable: false, out var header).ShouldBe(RtpParseResult.Ok);
        return latch.Judge(source, header, opaque: false, Needed, nowMs);
    }
}
