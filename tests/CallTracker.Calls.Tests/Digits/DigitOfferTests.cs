using CallTracker.Media.Dtmf;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Digits;

/// <summary>What the two sides are told of telephone-event, by their trunks' ways.</summary>
public sealed class DigitOfferTests
{
    private const string Plain = "0 8\r\n";
    private const string WithEvents = "0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";
    private const string Added = "a=rtpmap:101 telephone-event/8000";

    [Theory]
    [InlineData(DtmfWay.Pass, DtmfWay.Info)]
    [InlineData(DtmfWay.Rfc4733, DtmfWay.Pass)]
    [InlineData(DtmfWay.Pass, DtmfWay.Pass)]
    [InlineData(DtmfWay.Info, DtmfWay.Info)]
    [InlineData(DtmfWay.Rfc4733, DtmfWay.Rfc4733)]
    public void Ways_ThatNeedNothing_LeaveAllAsItIs(DtmfWay carrier, DtmfWay shop)
    {
        using var line = new DigitLine(carrier, shop);
        line.Connect(WithEvents, WithEvents);
        line.Invite.Body.ShouldContain("a=fmtp:101 0-16");
        (line.Invite.Formats(), line.Ok.Formats()).ShouldBe(("0 101", "0 101"));
        line.Node.Engine.Media.Dtmf.ListeningSides.ShouldBe(0);
    }

    [Theory]
    [InlineData(DtmfWay.Info)]
    [InlineData(DtmfWay.InBand)]
    public void Events_TowardsAnotherWay_AreNotOfferedButAnswered(DtmfWay shop)
    {
        using var line = new DigitLine(DtmfWay.Rfc4733, shop);
        line.Connect(WithEvents, "0\r\n");
        (line.Invite.Formats(), line.Invite.Events(), line.Invite.Body.Contains("fmtp")).ShouldBe(("0", "", false));
        (line.Ok.Formats(), line.Ok.Events()).ShouldBe(("0 101", Added));
        line.Node.Engine.Media.Dtmf.ListeningSides.ShouldBe(2);
    }

    [Theory]
    [InlineData(DtmfWay.Info)]
    [InlineData(DtmfWay.InBand)]
    public void Events_TowardsTheirOwnTrunk_AreAdded(DtmfWay carrier)
    {
        using var line = new DigitLine(carrier, DtmfWay.Rfc4733);
        line.Connect(Plain, WithEvents);
        (line.Invite.Formats(), line.Invite.Events()).ShouldBe(("0 8 101", Added));
        line.Invite.Body.ShouldContain("a=fmtp:101 0-15");
        (line.Ok.Formats(), line.Ok.Events()).ShouldBe(("0", ""));
    }

    [Fact]
    public void Events_ThatAreAdded_TakeAFreePayloadType()
    {
        using var line = new DigitLine(DtmfWay.Info, DtmfWay.Rfc4733);
        line.Connect("101 0\r\na=rtpmap:101 opus/48000/2\r\n", "0 97\r\na=rtpmap:97 telephone-event/8000\r\n");
        line.Invite.Formats().ShouldBe("101 0 96 97");
        line.Invite.Body.ShouldContain("a=rtpmap:96 telephone-event/48000");
        line.Invite.Body.ShouldContain("a=rtpmap:97 telephone-event/8000");
    }

    // A caller with events at 48 kHz only, a shop that answers with a codec of 8 kHz: each keeps the clock it has.
    [Fact]
    public void Events_OfDifferentClocks_AreMapped()
    {
        using var line = new DigitLine(DtmfWay.Rfc4733, DtmfWay.Rfc4733);
        line.Connect(
            "111 0 101\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/48000\r\n",
            "0 96\r\na=rtpmap:96 telephone-event/8000\r\n");
        line.Invite.Formats().ShouldBe("111 0 101 96");
        line.Invite.Body.ShouldContain("a=rtpmap:96 telephone-event/8000");
        (line.Ok.Formats(), line.Ok.Events()).ShouldBe(("0 101", "a=rtpmap:101 telephone-event/48000"));
        line.SendEvents(101, 5, 48_000);
        var events = line.PassToShop(100).FindAll(p => (p[1] & 0x7f) == 96);
        events.Count.ShouldBe(7);
        TelephoneEvent.TryParse(events[^1].AsSpan(12), out var last).ShouldBeTrue();
        last.ShouldBe(new TelephoneEvent(5, true, 10, 800));
    }

    [Fact]
    public void EventTrunk_WhoseShopTakesNone_IsTreatedAsTones()
    {
        using var line = new DigitLine(DtmfWay.Info, DtmfWay.Rfc4733);
        line.Connect(Plain, "0\r\n");
        line.SendAudio();
        line.SendInfo(2, "Signal=5\r\nDuration=100\r\n").ShouldBe(200);
        var got = line.PassToShop(400);
        got.ShouldAllBe(p => p[1] == 0 || p[1] == 0x80);
        got.Count.ShouldBe(9, "one packet of the caller's, five of tone and three of pause");
    }
}
