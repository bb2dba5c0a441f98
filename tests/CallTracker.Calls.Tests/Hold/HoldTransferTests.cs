using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Tests.Transfers;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Hold;

/// <summary>A shop that holds its caller and then transfers it: the music lasts until somebody else answers.</summary>
public sealed class HoldTransferTests : IDisposable
{
    private readonly int _caller = UdpSocket.Open(Harness.At(0), 0, reusePort: false);
    private readonly byte[] _packet = new byte[512];

    public void Dispose() => UdpSocket.Close(_caller);

    [Fact]
    public void HeldCaller_BeingTransferred_HearsMusicUntilTheTargetAnswers()
    {
        using var node = new Harness().UseTransfers(holdMusic: "tone-busy");
        var port = UdpSocket.LocalEndpoint(_caller).Port;
        var (shopInvite, _) = node.Connect(Peer.Invite(body: Peer.Sdp(port)));
        node.Deliver(
            Peer.FromShop(shopInvite, "INVITE", 1, "hold", Peer.Sdp(42000, "a=sendonly\r\n")), Harness.Shop);
        var carried = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        var held = Peer.Sdp(port, "a=recvonly\r\n");
        node.Deliver(
            Peer.Answer(carried, 200, held, tag: "", contact: "sip:caller@127.0.0.1:5071"), Harness.Carrier);
        node.Deliver(Peer.FromShop(shopInvite, "ACK", 1, "ackh"), Harness.Shop);
        node.TakeSent(Harness.Shop);
        node.TakeSent(Harness.Carrier);
        Hear(node, 500).ShouldBeInRange(23, 27);

        var invite = node.BeginTransfer(shopInvite, cseq: 2);
        Hear(node, 500).ShouldBeInRange(23, 27, "nobody has answered yet");
        var offer = node.Join(invite);
        node.Deliver(TransferScript.CallerAnswer(offer), Harness.Carrier);
        Hear(node, 500).ShouldBe(0);
        node.Engine.Media.Player.ActiveCount.ShouldBe(0);
    }

    private int Hear(Harness node, int ms)
    {
        node.Pass(ms);
        var count = 0;
        while (UdpSocket.ReceiveFrom(_caller, _packet, out _) >= 0) count++;
        return count;
    }
}
