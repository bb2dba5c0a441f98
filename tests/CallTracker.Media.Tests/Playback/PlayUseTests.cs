using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>What becomes of the other side's audio while something plays, by what it plays for.</summary>
public sealed class PlayUseTests
{
    private static readonly Prompt Long = Sounds.Steps("long", 50, 100);

    [Fact]
    public void Prompt_WhilePlaying_IsHeardInPlaceOfTheOtherSide()
    {
        using var line = new Line();
        line.Play(Long.Once);
        line.Pass(100);
        line.SendFromShop(1);
        var rest = Sent.Of(line.Pass(1500));
        rest.Select(p => p.Ssrc).Distinct().Count().ShouldBe(1);
        line.Harness.Dropped(MediaDropReason.PlayedOver).ShouldBe(1);
        line.Harness.Totals(line.Session, MediaSide.B).Dropped.ShouldBe(1u);
        // It is over: the other side is heard again.
        line.Shop.Send(line.Harness.Local(line.Session, MediaSide.B), Packets.Rtp(2));
        line.Harness.PumpTo(line.Caller, out _).ShouldBe(Packets.Rtp(2));
    }

    [Fact]
    public void Prompt_ThatHasNotBegun_CoversNothing()
    {
        using var line = new Line();
        var request = new PlayRequest(Long.Once, Line.FormatOf(PromptCodecs.Pcmu), PlayUse.Prompt) { DelayMs = 500 };
        line.Player.Start(line.Session, MediaSide.A, request, line.Harness.NowMs);
        line.Pass(100).ShouldBeEmpty();
        line.SendFromShop(1);
        line.Pass(100).ShouldHaveSingleItem().ShouldBe(Packets.Rtp(1));
    }

    [Fact]
    public void Prompt_ToOneSide_LeavesTheOtherDirectionAlone()
    {
        using var line = new Line();
        line.Play(Long.Once);
        line.Pass(100);
        line.Caller.Send(line.Harness.Local(line.Session, MediaSide.A), Packets.Rtp(5));
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(5));
    }

    [Fact]
    public void Prompt_WhoseOtherSideIsRenewed_GoesOnAndCoversTheNextOneToo()
    {
        using var line = new Line();
        line.Play(Long.Once);
        line.Pass(100);
        line.Harness.Relay.TryRenew(line.Session, MediaSide.B, out _).ShouldBeTrue();
        line.Harness.SetRemote(line.Session, MediaSide.B, line.Shop.Endpoint);
        line.SendFromShop(1);
        line.Harness.Dropped(MediaDropReason.PlayedOver).ShouldBe(1);
        line.Pass(1500);
        line.Harness.Told.ShouldBe(["first 77 B", "played 77 A"]);
    }

    [Fact]
    public void HoldMusic_WhileTheHolderSends_PausesAndGoesOnWhereItWas()
    {
        using var line = new Line();
        line.Play(Long.Once, PlayUse.HoldMusic);
        var before = Sent.Of(line.Pass(100));
        line.SendFromShop(1);
        // What the holder sends is heard alone, until it was silent for 200 ms.
        line.Pass(196).ShouldHaveSingleItem().ShouldBe(Packets.Rtp(1));
        var after = Sent.Of(line.Pass(100));
        after[0].Marker.ShouldBeTrue();
        after[0].Payload.ShouldBe(Sounds.Frame(Long, before.Count));
        after[0].Ssrc.ShouldBe(before[0].Ssrc);
        after.Count.ShouldBeInRange(5 - 1, 5 + 1);
        line.Harness.Dropped(MediaDropReason.PlayedOver).ShouldBe(0);
    }

    // A phone that holds and sends nothing is not a dead one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HoldMusic_WhileThePlayLasts_SilenceOfTheHolderEndsNothing(bool plays)
    {
        using var line = new Line();
        line.Harness.Relay.MarkAnswered(line.Session, line.Harness.NowMs);
        line.Harness.SetRemote(line.Session, MediaSide.B, line.Shop.Endpoint, direction: SdpDirection.SendOnly);
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint, direction: SdpDirection.RecvOnly);
        if (plays) line.Play(Long.Looped, PlayUse.HoldMusic);
        line.Harness.Pass(61_000 + 1000);
        line.Harness.Told.ShouldBe(plays ? [] : ["timeout 77 B FirstPacket"]);
    }
}
