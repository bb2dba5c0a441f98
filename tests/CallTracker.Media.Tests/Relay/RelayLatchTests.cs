using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>Strangers on real sockets: nothing of theirs gets in (inject), nothing goes out to them (bleed).</summary>
public sealed class RelayLatchTests
{
    private const uint StrangerSsrc = 0xBAD0_BAD0;

    [Theory]
    [InlineData(MediaSourceRule.SdpPort)]
    [InlineData(MediaSourceRule.SdpAddress)]
    [InlineData(MediaSourceRule.SignallingAddress)]
    [InlineData(MediaSourceRule.AnyAddress)]
    public void Spray_BeforeDuringAndAfterLearning_LeaksNothingAndInjectsNothing(MediaSourceRule rule)
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.20.1"), b = new("127.99.20.2");
        using var strangers = new Strangers("127.98.20", 30);
        var session = harness.Open();
        strangers.Spray(harness, session);
        harness.Relay.SetSourceRule(session, MediaSide.A, rule, default);
        harness.Relay.SetSourceRule(session, MediaSide.B, rule, default);
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        strangers.Spray(harness, session);
        for (var i = 0; i < 50; i++)
        {
            harness.NowMs += 100;
            strangers.Spray(harness, session, rounds: 1);
            Exchange(harness, session, a, b, i);
        }
        strangers.Spray(harness, session);
        Exchange(harness, session, a, b, 51);
        strangers.ShouldHaveReceivedNothing();
        (harness.Totals(session, MediaSide.A).Packets, harness.Totals(session, MediaSide.B).Packets)
            .ShouldBe((51UL, 51UL));
    }

    [Fact]
    public void Stranger_QueuedBeforeTheSocketIsConnected_IsStillRefused()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.21.1"), b = new("127.99.21.2"), stranger = new("127.98.21.1");
        var session = harness.OpenBetween(a, b);
        var local = harness.Local(session, MediaSide.A);
        a.Send(local, Packets.Rtp(1));
        for (var i = 0; i < 10; i++) stranger.Send(local, Packets.Rtp(i, StrangerSsrc));
        a.Send(local, Packets.Rtp(2));
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 2);
        b.ReceiveSequences().ShouldBe([1, 2]);
        harness.Dropped(MediaDropReason.UnknownSource).ShouldBe(10);
    }

    [Fact]
    public void Stranger_AfterTheLatch_IsDroppedByTheKernel()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.22.1"), b = new("127.99.22.2"), stranger = new("127.98.22.1");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _);
        for (var i = 0; i < 10; i++) stranger.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i, StrangerSsrc));
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(2));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(2));
        harness.Totals(session, MediaSide.A).Dropped.ShouldBe(0UL, "the worker never saw them");
    }

    [Fact]
    public void AsymmetricPeer_SendingFromAnotherPort_IsHeardAndSentToItsSdpPort()
    {
        using var harness = new RelayHarness();
        using MediaPeer ear = new("127.99.27.1"), mouth = new("127.99.27.1"), b = new("127.99.27.2");
        using MediaPeer stranger = new("127.98.27.1");
        var session = harness.Open();
        harness.Relay.SetSourceRule(
            session, MediaSide.A, MediaSourceRule.SignallingAddress, default, isAsymmetric: true);
        harness.SetRemote(session, MediaSide.A, ear.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        SendPaced(harness, session, mouth, count: 6);
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 3);
        // Long after the learning window, too: the socket must not be tied to the place the packets come from.
        for (var i = 6; i < 20; i++)
        {
            harness.NowMs += 1000;
            mouth.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            stranger.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i, StrangerSsrc));
            b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(i));
            harness.PumpTo(ear, out _).ShouldBe(Packets.Rtp(i));
        }
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 17);
        mouth.ReceiveSequences().ShouldBeEmpty();
        stranger.ReceiveSequences().ShouldBeEmpty();
    }

    [Fact]
    public void Source_OnAnotherPortOfTheSdpAddress_IsLearnedAndSentTo()
    {
        using var harness = new RelayHarness();
        using MediaPeer sdp = new("127.99.23.1"), real = new("127.99.23.1"), b = new("127.99.23.2");
        var session = harness.OpenBetween(sdp, b);
        harness.NowMs += SourceLatch.PatienceMs;
        SendPaced(harness, session, real, count: 6);
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 3);
        b.ReceiveSequences().ShouldBe([3, 4, 5]);
        harness.Dropped(MediaDropReason.Learning).ShouldBe(3);
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(100));
        harness.PumpTo(real, out _).ShouldBe(Packets.Rtp(100));
        sdp.TryReceive(out _, out _).ShouldBeFalse();
        harness.Relay.Counters.SourcesLearned.ShouldBe(1);
    }

    [Fact]
    public void Source_LearnedThenWindowShut_IsConnectedByTheWatch()
    {
        using var harness = new RelayHarness();
        using MediaPeer sdp = new("127.99.24.1"), real = new("127.99.24.1"), b = new("127.99.24.2");
        var session = harness.OpenBetween(sdp, b);
        harness.NowMs += SourceLatch.PatienceMs;
        SendPaced(harness, session, real, count: 4);
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 1);
        harness.Pass(ms: 4500);
        sdp.Send(harness.Local(session, MediaSide.A), Packets.Rtp(50));
        real.Send(harness.Local(session, MediaSide.A), Packets.Rtp(4));
        harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == 2);
        b.ReceiveSequences().ShouldBe([3, 4]);
        harness.Dropped(MediaDropReason.UnknownSource).ShouldBe(0, "the kernel dropped it");
    }

    [Fact]
    public void Answer_AfterALongRinging_OpensTheWindowAnew()
    {
        using var harness = new RelayHarness();
        using MediaPeer sdp = new("127.99.25.1"), real = new("127.99.25.1"), b = new("127.99.25.2");
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, sdp.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        harness.Pass(ms: 20_000);
        for (var i = 0; i < 10; i++) real.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.LearningClosed) == 10);
        harness.Relay.MarkAnswered(session, harness.NowMs);
        harness.NowMs += SourceLatch.PatienceMs;
        SendPaced(harness, session, real, count: 4, first: 10);
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(13));
    }

    [Fact]
    public void Source_LearnedThenSignalledAgain_GivesWayToTheSdpSource()
    {
        using var harness = new RelayHarness();
        using MediaPeer sdp = new("127.99.28.1"), quick = new("127.99.28.1"), b = new("127.99.28.2");
        var session = harness.OpenBetween(sdp, b);
        harness.NowMs += SourceLatch.PatienceMs;
        SendPaced(harness, session, quick, count: 4);
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(3));
        // The watch connects the socket; the next signalling must open it again.
        harness.Pass(ms: 5000);
        harness.SetRemote(session, MediaSide.A, sdp.Endpoint).ShouldBeTrue();
        sdp.Send(harness.Local(session, MediaSide.A), Packets.Rtp(90, ssrc: 9));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(90, ssrc: 9));
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(7));
        harness.PumpTo(sdp, out _).ShouldBe(Packets.Rtp(7));
        quick.ReceiveSequences().ShouldBeEmpty();
    }

    [Fact]
    public void Remote_AtOurOwnAddress_IsNeverLearnedFromElsewhere()
    {
        using var harness = new RelayHarness();
        using MediaPeer stranger = new("127.98.26.1");
        var session = harness.Open();
        harness.Relay.SetSourceRule(session, MediaSide.A, MediaSourceRule.AnyAddress, default);
        harness.Relay.SetSourceRule(session, MediaSide.B, MediaSourceRule.AnyAddress, default);
        harness.SetRemote(session, MediaSide.A, harness.Local(session, MediaSide.B)).ShouldBeTrue();
        harness.SetRemote(session, MediaSide.B, harness.Local(session, MediaSide.A)).ShouldBeTrue();
        for (var i = 0; i < 20; i++) stranger.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.UnknownSource) == 20);
        harness.Relay.Counters.PacketsRelayed(MediaSide.A).ShouldBe(0, "a ring of our own ports has no way in");
    }

    // One packet every 20 ms; each is judged before time goes on.
    private static void SendPaced(RelayHarness harness, int session, MediaPeer peer, int count, int first = 0)
    {
        for (var i = first; i < first + count; i++)
        {
            peer.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.PumpSome();
            harness.NowMs += 20;
        }
    }

    private static void Exchange(RelayHarness harness, int session, MediaPeer a, MediaPeer b, int sequence)
    {
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(sequence));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(sequence));
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(sequence));
        harness.PumpTo(a, out _).ShouldBe(Packets.Rtp(sequence));
        a.TryReceive(out _, out _).ShouldBeFalse();
        b.TryReceive(out _, out _).ShouldBeFalse();
    }

    /// <summary>Many sources that send RTP and RTCP to all four ports of a session.</summary>
    private sealed class Strangers : IDisposable
    {
        private readonly MediaPeer[] _peers;
        private int _sequence;

        public Strangers(string network, int count)
        {
            _peers = new MediaPeer[count];
            for (var i = 0; i < count; i++) _peers[i] = new MediaPeer($"{network}.{i + 1}");
        }

        public void Spray(RelayHarness harness, int session, int rounds = 8)
        {
            for (var round = 0; round < rounds; round++, _sequence++)
            {
                foreach (var peer in _peers) SprayAll(harness, session, peer);
                harness.Pump();
            }
        }

        public void ShouldHaveReceivedNothing()
        {
            foreach (var peer in _peers) peer.TryReceive(out _, out _).ShouldBeFalse();
        }

        public void Dispose()
        {
            foreach (var peer in _peers) peer.Dispose();
        }

        private void SprayAll(RelayHarness harness, int session, MediaPeer peer)
        {
            Span<IpEndpoint> targets =
            [
                harness.Local(session, MediaSide.A), harness.Local(session, MediaSide.B),
            ];
            foreach (var target in targets)
            {
                peer.Send(target, Packets.Rtp(_sequence, StrangerSsrc));
                peer.Send(target.WithPort((ushort)(target.Port + 1)), Packets.Rtcp());
            }
        }
    }
}
