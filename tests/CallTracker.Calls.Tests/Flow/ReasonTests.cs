using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Reason (RFC 3326): carried across, made for our own ends, and never a peer's own words.</summary>
public sealed class ReasonTests
{
    private const string Clearing = "Q.850;cause=16;text=\"Normal call clearing\"";

    [Theory]
    [InlineData("Q.850;cause=16;text=\"bye from 10.0.0.1\"", Clearing)]
    [InlineData("q.850 ; cause=16", Clearing)]
    [InlineData("SIP;cause=480, Q.850;cause=19;text=\"a, b\"",
        "SIP;cause=480;text=\"Temporarily Unavailable\", Q.850;cause=19;text=\"No answer from user\"")]
    [InlineData("Q.850;cause=99", "Q.850;cause=99")]
    [InlineData("X-Own;cause=16;text=\"inside\"", "")]
    [InlineData("Q.850;cause=99999", "")]
    [InlineData("Q.850;text=\"no cause\"", "")]
    [InlineData("Q.850;cause=16;text=\"open", "")]
    [InlineData("Q.850", "")]
    public void Bye_WithReason_CarriesProtocolAndCause(string reason, string expected)
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b", headers: $"Reason: {reason}\r\n"), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("Reason").ShouldBe(expected);
        shopInvite.Header("Reason").ShouldBe("");
    }

    [Fact]
    public void Bye_OfTheShop_CarriesItToTheCaller()
    {
        using var node = new Harness();
        var (shopInvite, _) = node.Connect();
        node.Deliver(
            Peer.FromShop(shopInvite, "BYE", 1, "b", headers: "Reason: Q.850;cause=16\r\n"), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Header("Reason").ShouldBe(Clearing);
    }

    [Fact]
    public void Byes_OneAfterAnother_DoNotInheritAReason()
    {
        using var node = new Harness();
        var (_, first) = node.Connect();
        node.Deliver(Peer.FromCaller(first, "BYE", 2, "b", headers: "Reason: Q.850;cause=16\r\n"), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.TakeSent(Harness.Carrier);
        var (_, second) = node.Connect(Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2"));
        node.Deliver(Peer.FromCaller(second, "BYE", 2, "b2"), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("Reason").ShouldBe("");
    }

    [Fact]
    public void Cancel_WithReason_CarriesItToTheShop()
    {
        using var node = new Harness();
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        var cancel = Peer.Cancel().Replace(
            "Content-Length", "Reason: SIP;cause=200;text=\"elsewhere\"\r\nContent-Length", StringComparison.Ordinal);
        node.Deliver(cancel, Harness.Carrier);
        var sent = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (sent.Method, sent.Header("Reason")).ShouldBe(
            ("CANCEL", "SIP;cause=200;text=\"Call completed elsewhere\""));
    }

    [Fact]
    public void RingTimeout_Cancels_WithItsCause()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 3000)));
        node.Deliver(Peer.Answer(node.Dial(), 180), Harness.Shop);
        node.Pass(3100);
        node.TakeSent(Harness.Shop).Single(m => m.Method == "CANCEL").Header("Reason")
            .ShouldBe("Q.850;cause=19;text=\"No answer from user\"");
    }

    [Fact]
    public void Refusal_OfTheLastShop_TakesItsReasonToTheCaller()
    {
        using var node = new Harness();
        node.Deliver(Peer.Answer(node.Dial(), 486, headers: "Reason: Q.850;cause=17\r\n"), Harness.Shop);
        var refusal = node.TakeSent(Harness.Carrier)[^1];
        (refusal.Code, refusal.Header("Reason")).ShouldBe((486, "Q.850;cause=17;text=\"User busy\""));
    }

    [Theory]
    [InlineData(EndReason.Drain, "Q.850;cause=41;text=\"Temporary failure\"")]
    [InlineData(EndReason.DurationLimit, "Q.850;cause=31;text=\"Normal, unspecified\"")]
    public void OwnEnd_OfACall_TellsBothSidesWhy(EndReason reason, string expected)
    {
        using var node = new Harness(settings: Harness.DefaultSettings with { CallDurationMsMax = 3000 });
        node.Connect();
        if (reason == EndReason.Drain) node.Engine.EndAll(node.Now);
        else node.Pass(3500);
        node.TakeSent(Harness.Carrier).Single(m => m.Method == "BYE").Header("Reason").ShouldBe(expected);
        node.TakeSent(Harness.Shop).Single(m => m.Method == "BYE").Header("Reason").ShouldBe(expected);
    }
}
