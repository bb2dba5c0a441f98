using System.Net;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Protection;

/// <summary>
/// Only the hop that sent an INVITE cancels it, and only the dialog's peer ends or changes it, even where another trunk
/// knows every tag.
/// </summary>
public sealed class ForeignRequestTests
{
    private static readonly IpEndpoint Stranger = IpEndpoint.From(IPAddress.Parse("127.0.0.66"), 5071);
    private static readonly IpEndpoint OtherPort = IpEndpoint.From(IPAddress.Loopback, 6999);
    private static readonly IpEndpoint Cluster = IpEndpoint.From(IPAddress.Parse("127.0.0.70"), 5060);

    [Fact]
    public void Cancel_FromAnotherAddress_IsUnknownAndTheCallRingsOn()
    {
        using var node = NewNode();
        node.Dial();
        node.Deliver(Peer.Cancel(), Stranger);
        node.Wire.Sent.Single().Code.ShouldBe(481);
        node.Engine.TransactionCounters.ForeignRequests.ShouldBe(1);
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Wire.Sent.Clear();

        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([200, 487], ignoreOrder: true);
    }

    [Fact]
    public void Cancel_FromAnotherPortOfTheSameHost_IsTaken()
    {
        using var node = NewNode();
        node.Dial();
        node.Deliver(Peer.Cancel(), OtherPort);
        node.Wire.Sent.Where(m => m.IsResponse).Select(m => m.Code).ShouldBe([200, 487], ignoreOrder: true);
    }

    [Fact]
    public void AckOfARefusal_FromAnotherAddress_DoesNotStopIt()
    {
        using var node = NewNode();
        node.Deliver(Peer.Invite("sip:0999@127.0.0.1:5060"), Harness.Carrier);
        var refusal = node.TakeSent(Harness.Carrier)[^1];
        refusal.Code.ShouldBe(404);
        var ack = Peer.FromCaller(refusal, "ACK", 1, "inv1");
        node.Deliver(ack, Stranger);
        node.Pass(600);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(404);
        node.Deliver(ack, Harness.Carrier);
        node.Pass(5_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INVITE")]
    [InlineData("INFO")]
    public void RequestInDialog_FromAnotherTrunk_Is481AndChangesNothing(string method)
    {
        using var node = NewNode();
        var (shopInvite, ok) = node.Connect();
        var body = method == "INVITE" ? Peer.Sdp(49999) : "";
        node.Deliver(Peer.FromCaller(ok, method, 2, "x1", body), Stranger);
        node.Deliver(Peer.FromShop(shopInvite, method, 2, "x2", body), Stranger);
        node.Wire.Sent.Select(m => m.Code).ShouldBe([481, 481]);
        node.Engine.Counters.ForeignRequests.ShouldBe(2);
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Wire.Sent.Clear();

        // The number of the stranger's request was not taken for the dialog's: the peer's own comes through.
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "x3"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public void Bye_FromAnotherServerOfTheSameTrunk_EndsTheCall()
    {
        using var node = NewNode();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "c1"), Cluster);
        node.Wire.Sent.First(m => m.IsResponse).Code.ShouldBe(200);
        node.Journal.Ends.ShouldHaveSingleItem();
        node.Engine.Counters.ForeignRequests.ShouldBe(0);
    }

    [Fact]
    public void Ack_FromAnotherTrunk_DoesNotConfirmTheAnswer()
    {
        using var node = NewNode();
        var (ok, _) = node.Answer(node.Dial());
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Stranger);
        node.Pass(600);
        node.TakeSent(Harness.Carrier).ShouldNotBeEmpty();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.Pass(5_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    // The stranger is a known source, a trunk of its own; the carrier has a second server.
    private static Harness NewNode()
    {
        var node = new Harness();
        node.Routes.Trunks = new TrunkTable(
        [
            Harness.MakeTrunk(
                "carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128),
                new InboundSource(Cluster.WithPort(0), 128), new InboundSource(OtherPort, 128)),
            Harness.MakeTrunk("shop", Harness.Shop, [""]),
            Harness.MakeTrunk("stranger", Stranger, [], new InboundSource(Stranger, 128)),
        ]);
        return node;
    }
}
