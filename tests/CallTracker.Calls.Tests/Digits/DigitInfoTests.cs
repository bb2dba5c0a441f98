using CallTracker.Calls.Tests.Kit;
using CallTracker.Media.Dtmf;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Digits;

/// <summary>Digits from and to SIP INFO.</summary>
public sealed class DigitInfoTests
{
    private const string WithEvents = "0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    [Fact]
    public void Events_BecomeInfo_OneAfterAnother()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.Info);
        line.SendEvents(101, 4, 8000);
        line.SendEvents(101, 11, 8000);
        line.PassToShop(40).Count.ShouldBe(4, "the events themselves go no further");
        var first = line.Node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (first.Method, first.Header("Content-Type")).ShouldBe(("INFO", "application/dtmf-relay"));
        first.Body.ShouldBe("Signal=4\r\nDuration=100\r\n");
        line.Node.Deliver(Peer.Answer(first, 200), Harness.Shop);
        var second = line.Node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        second.Body.ShouldBe("Signal=#\r\nDuration=100\r\n");
        line.Node.Deliver(Peer.Answer(second, 200), Harness.Shop);
        line.Node.TakeSent(Harness.Shop).ShouldBeEmpty();
        line.Node.Engine.Media.Dtmf.Counters.Told(DtmfWay.Info).ShouldBe(2);
    }

    [Fact]
    public void Shop_ThatTakesNoRelayBody_GetsTheOther()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.Info);
        line.SendEvents(101, 4, 8000);
        line.Node.Deliver(Peer.Answer(Single(line), 415), Harness.Shop);
        var again = Single(line);
        (again.Header("Content-Type"), again.Body).ShouldBe(("application/dtmf", "4"));
        line.Node.Deliver(Peer.Answer(again, 415), Harness.Shop);
        line.Node.TakeSent(Harness.Shop).ShouldBeEmpty();
        line.Node.Engine.Media.Dtmf.Counters.Lost.ShouldBe(1);
    }

    [Fact]
    public void Shop_ThatNeverAnswers_LosesThatDigitAlone()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.Info);
        line.SendEvents(101, 4, 8000);
        line.SendEvents(101, 5, 8000);
        Single(line).Body.ShouldStartWith("Signal=4");
        line.Node.Pass(33_000);
        line.Node.TakeNew(Harness.Shop)[^1].Body.ShouldStartWith("Signal=5");
        line.Node.Engine.Media.Dtmf.Counters.Lost.ShouldBe(1);
    }

    [Fact]
    public void Digits_BeyondTheBound_AreLostAndCounted()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.Info);
        for (var i = 0; i < 20; i++) line.SendEvents(101, 4, 8000);
        line.Node.Engine.Media.Dtmf.Counters.Lost.ShouldBe(20 - 16);
    }

    [Theory]
    [InlineData("Signal=5\r\nDuration=100\r\n", "application/dtmf-relay")]
    [InlineData("5", "application/dtmf")]
    [InlineData("signal= 5\nduration = 100", "Application/DTMF-Relay; x=1")]
    public void Info_InAnyForm_BecomesEvents(string body, string type)
    {
        using var line = Make(DtmfWay.Info, DtmfWay.Rfc4733);
        line.SendAudio();
        line.SendInfo(2, body, type).ShouldBe(200);
        var events = line.PassToShop(400).FindAll(p => (p[1] & 0x7f) == 101);
        line.Node.TakeSent(Harness.Shop).ShouldBeEmpty("it arrives once");
        (events[0][1] & 0x80).ShouldBe(0x80);
        events.Count(p => (p[13] & 0x80) != 0).ShouldBe(3);
        events.ShouldAllBe(p => p[12] == 5);
    }

    [Fact]
    public void Info_WithoutADigitThatWeKnow_Is400()
    {
        using var line = Make(DtmfWay.Info, DtmfWay.Rfc4733);
        line.SendInfo(2, "Signal=flash\r\n").ShouldBe(400);
        line.Node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Fact]
    public void Info_OfAnotherKind_IsCarriedAsItIs()
    {
        using var line = Make(DtmfWay.Info, DtmfWay.Rfc4733);
        line.SendInfo(2, "<x/>", "application/media_control+xml").ShouldBe(0);
        Single(line).Body.ShouldBe("<x/>");
    }

    [Fact]
    public void Info_OfASideWithAnotherWay_IsNotHeardTwice()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.InBand);
        line.SendInfo(2, "Signal=5\r\n").ShouldBe(200);
        line.Node.TakeSent(Harness.Shop).ShouldBeEmpty();
        line.PassToShop(200).ShouldBeEmpty();
    }

    [Fact]
    public void Info_BetweenTrunksThatPass_IsCarriedAsItIs()
    {
        using var line = Make(DtmfWay.Pass, DtmfWay.Info);
        line.SendInfo(2, "Signal=5\r\n").ShouldBe(0);
        Single(line).Body.ShouldBe("Signal=5\r\n");
    }

    [Fact]
    public void Call_ThatEndsWhileDigitsWait_LeavesNothing()
    {
        using var line = Make(DtmfWay.Rfc4733, DtmfWay.Info);
        line.SendEvents(101, 4, 8000);
        line.SendEvents(101, 5, 8000);
        line.Node.Deliver(Peer.FromCaller(line.Ok, "BYE", 2, "bye"), Harness.Carrier);
        line.Node.IsWhole.ShouldBeTrue();
        line.Node.Engine.Media.Dtmf.ListeningSides.ShouldBe(0);
    }

    private static DigitLine Make(DtmfWay carrier, DtmfWay shop)
    {
        var line = new DigitLine(carrier, shop);
        line.Connect(WithEvents, shop == DtmfWay.Rfc4733 ? WithEvents : "0\r\n");
        return line;
    }

    private static SentMessage Single(DigitLine line) => line.Node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
}
