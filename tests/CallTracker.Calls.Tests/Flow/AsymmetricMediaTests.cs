using System.Net;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// A shop whose RTP comes from another port than its SDP says: where it is sent to, by its trunk's setting.
/// </summary>
public sealed class AsymmetricMediaTests : IDisposable
{
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const int PatienceMs = 1000;
    // Not the node's own address: from that nothing is ever learned.
    private const string ShopAddress = "127.0.0.9";
    private readonly int _caller = Open("127.0.0.1");
    private readonly int _ear = Open(ShopAddress);
    private readonly int _mouth = Open(ShopAddress);

    public void Dispose()
    {
        foreach (var socket in new[] { _caller, _ear, _mouth }) UdpSocket.Close(socket);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Shop_SpeakingFromAnotherPort_IsSentToAsItsTrunkSays(bool isAsymmetric)
    {
        using var node = new Harness().UseTrunks(mediaAsymmetric: isAsymmetric);
        var invite = node.Dial(Peer.Invite(body: Peer.Sdp(PortOf(_caller))));
        var answer = Peer.Sdp(PortOf(_ear)).Replace("c=IN IP4 127.0.0.1", $"c=IN IP4 {ShopAddress}", Ordinal);
        node.Deliver(Peer.Answer(invite, 200, answer), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        // So long the address of the SDP has the first word.
        node.Pass(PatienceMs);
        for (byte i = 0; i < 8; i++)
        {
            Send(_mouth, invite.AudioPort, i);
            node.PumpMedia();
            node.Pass(20);
        }
        Count(_caller).ShouldBeGreaterThan(3, "what it says is learned and heard either way");
        Send(_caller, ok.AudioPort, 1);
        node.PumpMedia();
        (Count(_ear), Count(_mouth)).ShouldBe(isAsymmetric ? (1, 0) : (0, 1));
    }

    private static int Open(string address) =>
        UdpSocket.Open(IpEndpoint.From(IPAddress.Parse(address), 0), 0, reusePort: false);

    private static int PortOf(int socket) => UdpSocket.LocalEndpoint(socket).Port;

    // RTP version 2, PCMU, one source.
    private static void Send(int socket, int port, byte sequence)
    {
        Span<byte> packet = stackalloc byte[172];
        packet.Clear();
        (packet[0], packet[3], packet[11]) = (0x80, sequence, 7);
        UdpSocket.SendTo(socket, packet, Harness.At(port)).ShouldBe(packet.Length);
    }

    private static int Count(int socket)
    {
        var (count, buffer) = (0, new byte[512]);
        while (UdpSocket.ReceiveFrom(socket, buffer, out _) >= 0) count++;
        return count;
    }
}
