using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>The port pool: what it binds, lends, takes back and throws away.</summary>
public sealed class RtpPortPoolTests
{
    [Theory]
    [InlineData(20_000, 8, 20_000, 4)]
    [InlineData(20_001, 8, 20_002, 3)]
    [InlineData(20_000, 3, 20_000, 1)]
    [InlineData(65_530, 6, 65_530, 3)]
    public void Open_OfARange_BindsWholeEvenOddPairs(int first, int count, int firstPort, int pairs)
    {
        using var epoll = new Epoll();
        using var pool = NewPool(epoll, first, count);
        pool.Open().ShouldBe(RtpPortPoolResult.Ok);
        pool.PairCount.ShouldBe(pairs);
        for (var i = 0; i < pairs; i++) pool.RtpPort(i).ShouldBe((ushort)(firstPort + (i * 2)));
    }

    [Theory]
    [InlineData(20_000, 1)]
    [InlineData(20_001, 2)]
    [InlineData(1022, 10)]
    [InlineData(65_530, 8)]
    [InlineData(20_000, 0)]
    [InlineData(20_000, -4)]
    public void Open_OfABadRange_SaysBadRange(int first, int count)
    {
        using var epoll = new Epoll();
        using var pool = NewPool(epoll, first, count);
        pool.Open().ShouldBe(RtpPortPoolResult.BadRange);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("203.0.113.77")]
    public void Open_OnAnAddressThatIsNotOurs_SaysBadAddress(string address)
    {
        using var epoll = new Epoll();
        using var pool = new RtpPortPool(RelayHarness.Endpoint(address, 0), 20_000, 4, epoll);
        pool.Open().ShouldBe(RtpPortPoolResult.BadAddress);
        pool.TryRent(out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Pair_HeldByAnotherProgram_IsSkippedWhole(int half)
    {
        var address = RelayHarness.NewAddress();
        using var foreign = new MediaPeer(address, 20_002 + half);
        using var epoll = new Epoll();
        using var pool = new RtpPortPool(RelayHarness.Endpoint(address, 0), 20_000, 6, epoll);
        pool.Open().ShouldBe(RtpPortPoolResult.Ok);
        (pool.PairCount, pool.SkippedPairCount).ShouldBe((2, 1));
        (pool.RtpPort(0), pool.RtpPort(1)).ShouldBe(((ushort)20_000, (ushort)20_004));
        using var otherHalf = new MediaPeer(address, 20_003 - half);
    }

    [Fact]
    public void Range_HeldByAnotherProgramWhole_SaysNoPorts()
    {
        var address = RelayHarness.NewAddress();
        using MediaPeer one = new(address, 20_000), two = new(address, 20_003);
        using var epoll = new Epoll();
        using var pool = new RtpPortPool(RelayHarness.Endpoint(address, 0), 20_000, 4, epoll);
        pool.Open().ShouldBe(RtpPortPoolResult.NoPorts);
        pool.SkippedPairCount.ShouldBe(2);
    }

    [Fact]
    public void Pair_JustReturned_RestsLongest()
    {
        using var epoll = new Epoll();
        using var pool = NewPool(epoll, 20_000, 8);
        pool.Open();
        pool.TryRent(out var first).ShouldBeTrue();
        pool.Return(first);
        for (var i = 0; i < 3; i++)
        {
            pool.TryRent(out var next).ShouldBeTrue();
            next.ShouldNotBe(first);
        }
        pool.TryRent(out var last).ShouldBeTrue();
        last.ShouldBe(first);
        pool.TryRent(out _).ShouldBeFalse();
    }

    [Fact]
    public void RentAndReturn_AtRandom_NeverLendsAPairTwiceAndLosesNone()
    {
        const int Pairs = 7;
        var random = new Random(20_261_121);
        using var epoll = new Epoll();
        using var pool = NewPool(epoll, 20_000, Pairs * 2);
        pool.Open();
        var lent = new List<int>();
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0)
            {
                var got = pool.TryRent(out var pair);
                got.ShouldBe(lent.Count < Pairs);
                if (!got) continue;
                lent.ShouldNotContain(pair);
                lent.Add(pair);
            }
            else if (lent.Count > 0)
            {
                var index = random.Next(lent.Count);
                pool.Return(lent[index]);
                pool.Return(lent[index]);
                lent.RemoveAt(index);
            }
            pool.IdlePairCount.ShouldBe(Pairs - lent.Count);
        }
        pool.Return(-1);
        pool.Return(Pairs);
        pool.IdlePairCount.ShouldBe(Pairs - lent.Count);
    }

    [Fact]
    public void Relay_WithOnePairLeft_RefusesTheSessionAndKeepsThePair()
    {
        using var harness = new RelayHarness(pairs: 3);
        var session = harness.Open();
        harness.Relay.TryOpen(2, out _).ShouldBeFalse();
        harness.Ports.IdlePairCount.ShouldBe(1);
        harness.Relay.Close(session, out _, out _);
        harness.Ports.IdlePairCount.ShouldBe(3);
        harness.Relay.TryOpen(2, out _).ShouldBeTrue();
    }

    [Fact]
    public void Strays_OnIdleSockets_AreDrainedAndCounted()
    {
        using var harness = new RelayHarness();
        using var stranger = new MediaPeer("127.98.60.1");
        for (var i = 0; i < 40; i++)
        {
            var port = harness.Ports.RtpPort(i % 4) + (i % 2);
            stranger.Send(RelayHarness.Endpoint(harness.Address, port), Packets.Rtp(i));
        }
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.Stray) == 40);
        harness.Pump().ShouldBe(0, "nothing piles up");
    }

    [Fact]
    public void Strays_QueuedBeforeTheRent_DoNotReachTheCall()
    {
        using var harness = new RelayHarness(pairs: 2);
        using MediaPeer a = new("127.99.61.1"), b = new("127.99.61.2");
        for (var i = 0; i < 10; i++) a.Send(RelayHarness.Endpoint(harness.Address, 20_000), Packets.Rtp(i));
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(55));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(55));
        harness.Ports.StrayDatagrams.ShouldBe(10);
    }

    [Fact]
    public void Pair_Returned_IsOpenToEveryoneAgain()
    {
        using var harness = new RelayHarness(pairs: 2);
        using MediaPeer a = new("127.99.62.1"), b = new("127.99.62.2"), c = new("127.99.62.3");
        for (var round = 0; round < 5; round++)
        {
            var session = harness.OpenBetween(round % 2 == 0 ? a : c, b);
            var caller = round % 2 == 0 ? a : c;
            caller.Send(harness.Local(session, MediaSide.A), Packets.Rtp(round));
            harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(round));
            harness.Relay.Close(session, out _, out _);
        }
    }

    [Fact]
    public void Sockets_OverManyCalls_AreNeitherOpenedNorLeaked()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.63.1"), b = new("127.99.63.2");
        var sockets = OwnSockets(harness);
        for (var i = 0; i < 500; i++)
        {
            var session = harness.OpenBetween(a, b);
            harness.Relay.Close(session, out _, out _);
        }
        OwnSockets(harness).ShouldBe(sockets);
        sockets.Length.ShouldBe(16);
        harness.Dispose();
        using var again = new MediaPeer(harness.Address, 20_000);
    }

    [Fact]
    public void PollData_Encoded_LeavesTheTopByteToTheKind()
    {
        var data = MediaPollData.Encode(MediaPollKind.Rtcp, 0x7fff_ffff);
        (data >> 56).ShouldBe(3UL);
        (MediaPollData.Encode(MediaPollKind.Rtp, 5) >> 56).ShouldBe(2UL);
        (MediaPollData.Kind(data), MediaPollData.PairIndex(data)).ShouldBe((MediaPollKind.Rtcp, 0x7fff_ffff));
        MediaPollData.IsMedia(data).ShouldBeTrue();
        MediaPollData.IsMedia(1UL << 56).ShouldBeFalse();
        MediaPollData.IsMedia(4UL << 56).ShouldBeFalse();
    }

    [Fact]
    public void Event_OfAPairThatDoesNotExist_IsIgnored()
    {
        using var harness = new RelayHarness();
        var events = new RecordedEvents([]);
        var wrong = new EpollEvent { Data = MediaPollData.Encode(MediaPollKind.Rtp, 4000) };
        harness.Relay.OnReadable(wrong, 0, ref events);
        harness.Dropped(MediaDropReason.Stray).ShouldBe(0);
    }

    private static RtpPortPool NewPool(Epoll epoll, int first, int count) =>
        new(RelayHarness.Endpoint(RelayHarness.NewAddress(), 0), (ushort)first, count, epoll);

    // The descriptors of this harness's address alone: other tests open and close theirs meanwhile.
    private static int[] OwnSockets(RelayHarness harness)
    {
        var own = new List<int>();
        for (var descriptor = 0; descriptor < 4096; descriptor++)
        {
            if (UdpSocket.LocalEndpoint(descriptor).SameAddress(RelayHarness.Endpoint(harness.Address, 0)))
                own.Add(descriptor);
        }
        return [.. own];
    }
}
