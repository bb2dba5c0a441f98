using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>What a side hears of a list, packet for packet, on real sockets and hand-driven time.</summary>
public sealed class PlayerTests
{
    private static readonly Prompt Hello = Sounds.Steps("hello", 5, 1000);
    private static readonly Prompt Music = Sounds.Steps("music", 3, 9000);

    [Fact]
    public void List_OfTwoPrompts_IsOneStreamWithoutAGap()
    {
        using var line = new Line();
        line.Play(new PlayList(new PlayItem(Hello), new PlayItem(Music, 2)));
        var sent = Sent.Of(line.Pass(500));
        byte[][] expected =
        [
            .. Enumerable.Range(0, 5).Select(i => Sounds.Frame(Hello, i)),
            .. Enumerable.Range(0, 6).Select(i => Sounds.Frame(Music, i % 3)),
        ];
        sent.Select(p => p.Payload).ShouldBe(expected);
        sent.Select(p => p.Marker).ShouldBe([true, .. Enumerable.Repeat(false, 10)]);
        for (var i = 1; i < sent.Count; i++)
        {
            sent[i].Ssrc.ShouldBe(sent[0].Ssrc);
            ((ushort)(sent[i].Sequence - sent[i - 1].Sequence)).ShouldBe((ushort)1);
            (sent[i].Timestamp - sent[i - 1].Timestamp).ShouldBe(160u);
        }
        line.Harness.Told.ShouldBe(["played 77 A"]);
        (line.Player.Started(PlayUse.Prompt), line.Player.Packets(PlayUse.Prompt)).ShouldBe((1, 11));
        line.Harness.Relay.NextDelayMs(line.Harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void List_WithoutEnd_PlaysUntilItIsStoppedAndTellsNothing()
    {
        using var line = new Line();
        line.Play(Music.Looped);
        var sent = Sent.Of(line.Pass(2000));
        sent.Count.ShouldBeInRange(100 - 1, 100 + 1);
        sent[99].Payload.ShouldBe(Sounds.Frame(Music, 0));
        line.Player.Stop(line.Session, MediaSide.A);
        line.Pass(500).ShouldBeEmpty();
        line.Harness.Told.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(59, 2)]
    [InlineData(60, 3)]
    [InlineData(1_000_000, 4)]
    [InlineData(-5, 0)]
    public void Start_WithAnOffset_BeginsAtItsFrame(int startMs, int frame)
    {
        using var line = new Line();
        line.Play(Hello.Once, startMs: startMs);
        var sent = Sent.Of(line.Pass(300));
        sent.Count.ShouldBe(5 - frame);
        sent[0].Payload.ShouldBe(Sounds.Frame(Hello, frame));
    }

    [Fact]
    public void NextPlay_OnTheSide_GoesOnWithTheStreamAndIsMarked()
    {
        using var line = new Line();
        line.Play(Hello.Once);
        var first = Sent.Of(line.Pass(300));
        line.Play(Music.Once, codec: PromptCodecs.Pcma);
        var second = Sent.Of(line.Pass(300));
        second[0].Payload.ShouldBe(Sounds.Frame(Music, 0, PromptCodecs.Pcma));
        second[0].Type.ShouldBe(8);
        second[0].Marker.ShouldBeTrue();
        second[0].Ssrc.ShouldBe(first[0].Ssrc);
        ((ushort)(second[0].Sequence - first[^1].Sequence)).ShouldBe((ushort)1);
        // The clock went on through the silence between.
        ((double)(second[0].Timestamp - first[^1].Timestamp)).ShouldBe(220 * 8, 160);
    }

    [Theory]
    [InlineData("G722", 9, 160)]
    [InlineData("opus", 111, 960)]
    public void Prompt_InAnotherCodec_HasItsFramesTypeAndClock(string name, int type, int ticks)
    {
        using var line = new Line();
        var codec = PromptCodecs.Find(System.Text.Encoding.ASCII.GetBytes(name), ticks * 50)!;
        line.Play(Hello.Once, codec: codec);
        var sent = Sent.Of(line.Pass(300));
        sent.Select(p => p.Payload).ShouldBe(Enumerable.Range(0, 5).Select(i => Sounds.Frame(Hello, i, codec)));
        sent.ShouldAllBe(p => p.Type == type);
        for (var i = 1; i < sent.Count; i++) (sent[i].Timestamp - sent[i - 1].Timestamp).ShouldBe((uint)ticks);
        // Another codec afterwards has another clock, and so another stream.
        line.Play(Music.Once);
        Sent.Of(line.Pass(300))[0].Ssrc.Equals(sent[0].Ssrc).ShouldBe(ticks == 160);
    }

    [Fact]
    public void SamePlay_StartedAgain_IsNotDisturbed()
    {
        using var line = new Line();
        line.Play(Hello.Once);
        line.Pass(40).Count.ShouldBeInRange(2 - 1, 2 + 1);
        line.Play(Hello.Once);
        line.Pass(300);
        line.Player.Packets(PlayUse.Prompt).ShouldBe(5);
        line.Player.Started(PlayUse.Prompt).ShouldBe(1);
    }

    [Fact]
    public void OtherPlay_StartedMeanwhile_TakesItsPlace()
    {
        using var line = new Line();
        line.Play(Hello.Looped);
        line.Pass(100);
        line.Play(Music.Once);
        Sent.Of(line.Pass(300)).Select(p => p.Payload).ShouldBe(
            Enumerable.Range(0, 3).Select(i => Sounds.Frame(Music, i)));
        line.Harness.Told.ShouldBe(["played 77 A"]);
    }

    [Fact]
    public void BothSides_PlayedTo_HearEachItsOwn()
    {
        using var line = new Line();
        line.Play(Hello.Once);
        var request = new PlayRequest(Music.Once, Line.FormatOf(PromptCodecs.Pcma), PlayUse.Prompt);
        line.Player.Start(line.Session, MediaSide.B, request, line.Harness.NowMs).ShouldBeTrue();
        var caller = Sent.Of(line.Pass(300));
        var shop = Sent.Of(Line.Drain(line.Shop));
        caller.Select(p => p.Payload).ShouldBe(Enumerable.Range(0, 5).Select(i => Sounds.Frame(Hello, i)));
        shop.Select(p => p.Payload).ShouldBe(
            Enumerable.Range(0, 3).Select(i => Sounds.Frame(Music, i, PromptCodecs.Pcma)));
        shop[0].Ssrc.ShouldNotBe(caller[0].Ssrc);
        line.Harness.Told.ShouldBe(["played 77 B", "played 77 A"]);
    }

    [Theory]
    [InlineData(SdpDirection.SendOnly)]
    [InlineData(SdpDirection.Inactive)]
    public void Side_ThatDoesNotListen_HearsTheRestLater(SdpDirection direction)
    {
        using var line = new Line();
        line.Play(Hello.Once);
        var before = Sent.Of(line.Pass(40));
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint, direction: direction);
        line.Pass(500).ShouldBeEmpty();
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint);
        var rest = Sent.Of(line.Pass(300));
        (before.Count + rest.Count).ShouldBe(5);
        rest[0].Marker.ShouldBeTrue();
        rest[0].Payload.ShouldBe(Sounds.Frame(Hello, before.Count));
    }

    [Fact]
    public void Worker_AwayForASecond_SkipsTimeButNoSound()
    {
        using var line = new Line();
        line.Play(new PlayList(new PlayItem(Sounds.Steps("long", 30, 100))));
        var before = Sent.Of(line.Pass(100));
        line.Harness.NowMs += 1000;
        var late = Sent.Of(line.Pass(4));
        late.Count.ShouldBeInRange(5, 6);
        late.Select(p => p.Marker).ShouldBe([true, .. Enumerable.Repeat(false, late.Count - 1)]);
        (late[0].Timestamp - before[^1].Timestamp).ShouldBeGreaterThan(6000u);
        late[1].Timestamp.ShouldBe(late[0].Timestamp + 160);
        line.Pass(1000);
        line.Player.Packets(PlayUse.Prompt).ShouldBe(30);
    }

    [Fact]
    public void Session_ClosedByTheReceiverOfTheEvent_IsForgotten()
    {
        using var line = new Line();
        line.Harness.CloseOnEvent();
        line.Play(Music.Once);
        var request = new PlayRequest(Music.Once, Line.FormatOf(PromptCodecs.Pcmu), PlayUse.Prompt);
        line.Player.Start(line.Session, MediaSide.B, request, line.Harness.NowMs);
        line.Pass(300);
        line.Harness.Told.Count.ShouldBe(1);
        line.Player.ActiveCount.ShouldBe(0);
        line.Harness.Relay.OpenSessions.ShouldBe(0);
    }

    [Fact]
    public void Start_OfAClosedSessionOrWithoutAFormat_PlaysNothing()
    {
        using var line = new Line();
        var good = new PlayRequest(Music.Once, Line.FormatOf(PromptCodecs.Pcmu), PlayUse.Prompt);
        line.Player.Start(line.Session, MediaSide.A, good with { Format = default }, 0).ShouldBeFalse();
        line.Harness.Relay.Close(line.Session, out _, out _);
        line.Player.Start(line.Session, MediaSide.A, good, 0).ShouldBeFalse();
        line.Player.IsPlaying(line.Session, MediaSide.A).ShouldBeFalse();
        line.Player.ActiveCount.ShouldBe(0);
    }

    [Fact]
    public void RenewedSide_PlayedToBefore_IsSilentAndGetsAStreamOfItsOwn()
    {
        using var line = new Line();
        line.Play(Music.Looped);
        var before = Sent.Of(line.Pass(100));
        line.Harness.Relay.TryRenew(line.Session, MediaSide.A, out _).ShouldBeTrue();
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint);
        line.Pass(100).ShouldBeEmpty();
        line.Play(Music.Looped);
        Sent.Of(line.Pass(100))[0].Ssrc.ShouldNotBe(before[0].Ssrc);
    }

    [Fact]
    public void Side_OnIpv6_IsPlayedTo()
    {
        var loopback = RelayHarness.Endpoint("::1", 0);
        using var harness = new RelayHarness(firstPort: 10_640, pairs: 2, second: loopback);
        using var phone = new MediaPeer("::1");
        harness.Relay.TryOpen(77, isIpv4A: false, isIpv4B: true, out var session).ShouldBeTrue();
        harness.SetRemote(session, MediaSide.A, phone.Endpoint).ShouldBeTrue();
        var request = new PlayRequest(Music.Once, Line.FormatOf(PromptCodecs.Pcmu), PlayUse.Prompt);
        harness.Relay.Player.Start(session, MediaSide.A, request, harness.NowMs).ShouldBeTrue();
        harness.Step(100);
        Sent.Of(Line.Drain(phone)).Select(p => p.Payload).ShouldBe(
            Enumerable.Range(0, 3).Select(i => Sounds.Frame(Music, i)));
    }
}
