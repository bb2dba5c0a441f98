using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>RTCP follows its SDP or the RTP latch, and nobody else.</summary>
public sealed class RtcpLatchTests
{
    private static readonly IpEndpoint Sdp = RelayHarness.Endpoint("10.0.0.1", 4000);
    private static readonly IpEndpoint SdpRtcp = RelayHarness.Endpoint("10.0.0.1", 4001);
    private static readonly IpEndpoint Nat = RelayHarness.Endpoint("203.0.113.5", 6000);

    [Fact]
    public void SdpSource_BeforeAnyRtp_IsAccepted()
    {
        var latch = NewLatch();
        latch.Judge(SdpRtcp, RtpLatch(latched: null), isOfStream: false).ShouldBe(MediaDropReason.None);
        latch.Peer.ShouldBe(SdpRtcp);
    }

    [Fact]
    public void OtherSource_BeforeAnyRtp_IsRefused() =>
        NewLatch().Judge(SdpRtcp.WithPort(9), RtpLatch(latched: null), isOfStream: true)
            .ShouldBe(MediaDropReason.UnknownSource);

    [Fact]
    public void SourceAtTheAddressOfRtp_FirstPort_IsLatchedOnce()
    {
        var latch = NewLatch();
        var rtp = RtpLatch(latched: Nat);
        latch.Destination(rtp).IsUnspecified.ShouldBeTrue("nothing is sent to a private address that proved wrong");
        latch.Judge(Nat.WithPort(6007), rtp, isOfStream: false).ShouldBe(MediaDropReason.UnknownSource);
        latch.Judge(Nat.WithPort(6005), rtp, isOfStream: true).ShouldBe(MediaDropReason.None);
        latch.Destination(rtp).ShouldBe(Nat.WithPort(6005));
        latch.Judge(Nat.WithPort(6009), rtp, isOfStream: true).ShouldBe(MediaDropReason.UnknownSource);
        latch.Judge(SdpRtcp, rtp, isOfStream: true).ShouldBe(MediaDropReason.UnknownSource);
    }

    [Fact]
    public void SourceElsewhere_AfterRtp_IsRefused() =>
        NewLatch().Judge(RelayHarness.Endpoint("198.51.100.9", 6001), RtpLatch(latched: Nat), isOfStream: true)
            .ShouldBe(MediaDropReason.UnknownSource);

    [Fact]
    public void AsymmetricPeer_LatchedElsewhere_IsSentToItsSdpAddress()
    {
        var latch = NewLatch();
        var rtp = RtpLatch(latched: Nat);
        rtp.IsAsymmetric = true;
        latch.Judge(Nat.WithPort(6005), rtp, isOfStream: true).ShouldBe(MediaDropReason.None);
        latch.Destination(rtp).ShouldBe(SdpRtcp);
    }

    private static RtcpLatch NewLatch()
    {
        var latch = default(RtcpLatch);
        latch.Expect(SdpRtcp).ShouldBeTrue();
        return latch;
    }

    private static SourceLatch RtpLatch(IpEndpoint? latched)
    {
        var latch = new SourceLatch { Rule = MediaSourceRule.SignallingAddress, SignallingAddress = Nat.WithPort(0) };
        latch.Expect(Sdp);
        latch.Open(0, 3000, isAnswered: false);
        for (var i = 0; latched is { } source && i < 4; i++)
        {
            RtpHeader.Parse(Packets.Rtp(i), paddingReadable: false, out var header);
            latch.Judge(source, header, opaque: false, 4, i * 20);
        }
        latch.IsLatched.ShouldBe(latched is not null);
        return latch;
    }
}
