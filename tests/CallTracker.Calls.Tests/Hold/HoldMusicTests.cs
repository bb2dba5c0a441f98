using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Playback;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Hold;

/// <summary>Who hears music, when, and what both sides are told of the hold; with real sockets for RTP.</summary>
public sealed class HoldMusicTests : IDisposable
{
    private const string Music = "tone-busy";
    private readonly int _caller = UdpSocket.Open(Harness.At(0), 0, reusePort: false);
    private readonly int _shop = UdpSocket.Open(Harness.At(0), 0, reusePort: false);
    private readonly byte[] _packet = new byte[512];
    private Harness _node = new Harness().UseTrunks(holdMusic: Music);
    private SentMessage _shopInvite = null!;
    private SentMessage _ok = null!;
    private int _cseq;

    public void Dispose()
    {
        _node.Dispose();
        UdpSocket.Close(_caller);
        UdpSocket.Close(_shop);
    }

    [Theory]
    [InlineData("sendonly", "recvonly")]
    [InlineData("inactive", "inactive")]
    public void Hold_ByTheShop_IsMusicForTheCallerUntilItIsTakenBack(string hold, string answered)
    {
        Connect();
        var carried = Offer(hold);
        carried.Body.ShouldContain("a=sendonly\r\n");
        carried.Body.Split("a=").Count(a => a.Contains("only") || a.Contains("inactive")).ShouldBe(1);
        var answer = Accept(carried, "recvonly");
        answer.Body.ShouldContain($"a={answered}\r\n");
        var heard = Hear(_caller, 1000);
        heard.Count.ShouldBeInRange(48, 52);
        heard.ShouldAllBe(p => p.Length == 172 && p[1] % 128 == 0);
        heard[0][12..].ShouldBe(Tones.Busy.In(PromptCodecs.Pcmu)[0].ToArray());
        Hear(_shop, 0).ShouldBeEmpty();
        Accept(Offer("sendrecv", "back"), "sendrecv").Body.ShouldContain("a=sendrecv");
        Hear(_caller, 1000).ShouldBeEmpty();
        _node.Engine.Media.Player.ActiveCount.ShouldBe(0);
    }

    [Fact]
    public void Hold_ByTheCaller_IsMusicForTheShop()
    {
        Connect();
        _node.Deliver(
            Peer.FromCaller(_ok, "INVITE", 2, "hold", Peer.Sdp(PortOf(_caller), "a=sendonly\r\n")), Harness.Carrier);
        var carried = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(PortOf(_shop), "a=recvonly\r\n")), Harness.Shop);
        Hear(_shop, 1000).Count.ShouldBeInRange(48, 52);
        Hear(_caller, 0).ShouldBeEmpty();
    }

    [Fact]
    public void Hold_WhoseHolderSendsMusicOfItsOwn_IsLeftAlone()
    {
        Connect();
        Accept(Offer("sendonly"), "recvonly");
        for (byte i = 0; i < 20; i++)
        {
            SendFromShop(i);
            _node.PumpMedia();
            _node.Pass(50);
        }
        var heard = Hear(_caller, 0);
        heard.Count.ShouldBe(20);
        heard.ShouldAllBe(p => p[11] == 7);
        // Its music ends before its hold: ours takes over.
        Hear(_caller, 1000).Count.ShouldBeInRange(41, 44);
    }

    [Fact]
    public void Hold_SaidAgain_DoesNotBeginTheMusicAnew()
    {
        Connect();
        Accept(Offer("sendonly"), "recvonly");
        Hear(_caller, 310);
        Accept(Offer("sendonly", "again"), "recvonly");
        Hear(_caller, 300);
        _node.Engine.Media.Player.Started(PlayUse.HoldMusic).ShouldBe(1);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("no-such-prompt", 1)]
    public void Hold_WithoutMusic_IsSilentAndCarriedAsItIs(string music, int missing)
    {
        _node.Dispose();
        _node = new Harness().UseTrunks(holdMusic: music);
        Connect();
        var carried = Offer("inactive");
        carried.Body.ShouldContain("a=inactive\r\n");
        Accept(carried, "inactive").Body.ShouldContain("a=inactive\r\n");
        Hear(_caller, 1000).ShouldBeEmpty();
        Accept(Offer("sendonly", "second"), "recvonly");
        Hear(_caller, 1000).ShouldBeEmpty();
        _node.Engine.Counters.HoldsWithoutMusic.ShouldBe(missing);
    }

    [Fact]
    public void Hold_OfACallerWithoutACodecOfOurs_IsSilentAndCounted()
    {
        Connect();
        var carried = Offer("sendonly");
        var answer = Peer.Sdp(PortOf(_caller), "a=recvonly\r\n")
            .Replace("AVP 0 101", "AVP 18", StringComparison.Ordinal);
        _node.Deliver(AnswerOfCaller(carried, answer), Harness.Carrier);
        Hear(_caller, 1000).ShouldBeEmpty();
        _node.Engine.Counters.HoldsWithoutMusic.ShouldBe(1);
    }

    [Theory]
    [InlineData("sendonly")]
    [InlineData("inactive")]
    public void Hold_ByBothSides_IsSilence(string answered)
    {
        Connect();
        Accept(Offer("sendonly"), answered);
        Hear(_caller, 1000).ShouldBeEmpty();
        Hear(_shop, 0).ShouldBeEmpty();
    }

    [Fact]
    public void Hold_ByAddress_IsMusicToo()
    {
        Connect();
        var offer = Peer.Sdp(PortOf(_shop)).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal);
        _node.Deliver(Peer.FromShop(_shopInvite, "INVITE", 1, "hold", offer), Harness.Shop);
        var carried = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        carried.Body.ShouldContain("a=sendonly");
        Accept(carried, "recvonly");
        Hear(_caller, 1000).Count.ShouldBeInRange(48, 52);
    }

    [Fact]
    public void Hold_InTheAnswerOfAnAck_LeavesTheCallerListening()
    {
        Connect();
        _node.Deliver(Peer.FromShop(_shopInvite, "INVITE", 1, "late"), Harness.Shop);
        var carried = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(AnswerOfCaller(carried, Peer.Sdp(PortOf(_caller))), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        var ack = Peer.FromShop(_shopInvite, "ACK", 1, "lateack", Peer.Sdp(PortOf(_shop), "a=inactive\r\n"));
        _node.Deliver(ack, Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldContain("a=sendonly\r\n");
        Hear(_caller, 1000).Count.ShouldBeInRange(48, 52);
    }

    [Fact]
    public void Hold_Refused_ChangesNothing()
    {
        Connect();
        _node.Deliver(Peer.Answer(Offer("sendonly"), 488, tag: ""), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        Hear(_caller, 1000).ShouldBeEmpty();
    }

    // Many phones send nothing while they hold: 60 s of silence would be the end otherwise.
    [Fact]
    public void Hold_ForFiveMinutesWithMusic_EndsNothing()
    {
        Connect();
        Accept(Offer("sendonly"), "recvonly");
        for (var second = 0; second < 300; second++) Hear(_caller, 1000).Count.ShouldBeInRange(48, 52);
        _node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void HangUp_WhileMusicPlays_LeavesNothing()
    {
        Connect();
        Accept(Offer("inactive"), "recvonly");
        Hear(_caller, 200).ShouldNotBeEmpty();
        _node.Deliver(Peer.FromShop(_shopInvite, "BYE", 9, "bye"), Harness.Shop);
        Hear(_caller, 500).ShouldBeEmpty();
        _node.Engine.Media.Player.ActiveCount.ShouldBe(0);
        _node.TakeSent(Harness.Carrier);
        _node.IsWhole.ShouldBeTrue();
    }

    private void Connect()
    {
        _shopInvite = _node.Dial(Peer.Invite(body: Peer.Sdp(PortOf(_caller))));
        (_ok, _) = _node.Answer(_shopInvite, PortOf(_shop));
        _node.Deliver(Peer.FromCaller(_ok, "ACK", 1, "ack1"), Harness.Carrier);
    }

    // A re-INVITE of the shop's as it reaches the caller.
    private SentMessage Offer(string direction, string branch = "hold")
    {
        var offer = Peer.Sdp(PortOf(_shop), $"a={direction}\r\n");
        _node.Deliver(Peer.FromShop(_shopInvite, "INVITE", ++_cseq, branch, offer), Harness.Shop);
        return _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
    }

    // The caller's answer to it as it reaches the shop.
    private SentMessage Accept(SentMessage carried, string direction)
    {
        _node.TakeSent(Harness.Shop);
        var answer = Peer.Sdp(PortOf(_caller), $"a={direction}\r\n");
        _node.Deliver(AnswerOfCaller(carried, answer), Harness.Carrier);
        var ok = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        ok.Code.ShouldBe(200);
        _node.Deliver(Peer.FromShop(_shopInvite, "ACK", _cseq, $"ack{_cseq}"), Harness.Shop);
        _node.TakeSent(Harness.Carrier);
        return ok;
    }

    private static string AnswerOfCaller(SentMessage carried, string sdp) =>
        Peer.Answer(carried, 200, sdp, tag: "", contact: "sip:caller@127.0.0.1:5071");

    private List<byte[]> Hear(int socket, int ms)
    {
        _node.Pass(ms);
        var heard = new List<byte[]>();
        for (int length; (length = UdpSocket.ReceiveFrom(socket, _packet, out _)) >= 0;) heard.Add(_packet[..length]);
        return heard;
    }

    // RTP version 2, PCMU, one source.
    private void SendFromShop(byte sequence)
    {
        var packet = new byte[172];
        (packet[0], packet[3], packet[11]) = (0x80, sequence, 7);
        UdpSocket.SendTo(_shop, packet, Harness.At(_shopInvite.AudioPort)).ShouldBe(packet.Length);
    }

    private static int PortOf(int socket) => UdpSocket.LocalEndpoint(socket).Port;
}
