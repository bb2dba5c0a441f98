using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Media.Relay;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// A side whose media fails ends the call: BYE with a Reason to both legs, and whose media it was on the record.
/// </summary>
public sealed class MediaTimeoutTests : IDisposable
{
    private const int SilenceSec = 10;
    private const int HoldSec = 50;
    private static readonly MediaSettings s_settings =
        new() { SilenceMsMax = SilenceSec * 1000, HoldMsMax = HoldSec * 1000, PeerGoneRefusals = 5 };
    private readonly Harness _node = new(media: s_settings);
    private readonly MediaPhone _caller = new();
    private readonly MediaPhone _shop = new();
    private int _toCaller;
    private int _toShop;

    public void Dispose()
    {
        _caller.Dispose();
        _shop.Dispose();
        _node.Dispose();
    }

    [Theory]
    [InlineData(false, true, false, MediaFault.CallerNeverSent, "nothing from caller")]
    [InlineData(true, false, false, MediaFault.CalleeNeverSent, "nothing from callee")]
    [InlineData(false, true, true, MediaFault.CallerSilent, "nothing from caller")]
    [InlineData(true, false, true, MediaFault.CalleeSilent, "nothing from callee")]
    public void Silence_OfOneSide_EndsBothLegsAndSaysWhose(
        bool callerTalks, bool shopTalks, bool bothTalkedBefore, MediaFault fault, string text)
    {
        Connect();
        if (bothTalkedBefore) Talk(3, caller: true, shop: true);
        Talk(SilenceSec - 2, callerTalks, shopTalks);
        _node.Engine.ActiveCalls.ShouldBe(1);
        Talk(5, callerTalks, shopTalks);
        ShouldHaveEnded(fault, $"Q.850;cause=102;text=\"Media timeout, {text}\"");
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        var talked = callerTalks ? end.InboundMedia : end.OutboundMedia;
        var silent = callerTalks ? end.OutboundMedia : end.InboundMedia;
        talked.Quality.MosTimes100.ShouldBeGreaterThan((ushort)100);
        talked.Quality.SilenceMs.ShouldBeLessThan(1200U);
        silent.Quality.SilenceMs.ShouldBeInRange((SilenceSec * 1000U) - 1, (SilenceSec * 1000U) + 1100);
        (silent.Quality.MosTimes100 > 0, silent.Quality.FirstPacketMs >= 0)
            .ShouldBe((bothTalkedBefore, bothTalkedBefore));
    }

    // A phone that holds with sendonly and has no music sends nothing, for as long as its user looks something up: the
    // minute that tells a dead talker says nothing of it.
    [Fact]
    public void Hold_ByTheCaller_SparesTheShopAlwaysAndTheCallerForTheHoldsTime()
    {
        var (_, ok) = Connect();
        Talk(2, caller: true, shop: true);
        Reinvite(ok, 2, "a=sendonly\r\n", "a=recvonly\r\n");
        Talk(HoldSec + SilenceSec, caller: true, shop: false);
        _node.Engine.ActiveCalls.ShouldBe(1, "the shop is on hold");
        Talk(HoldSec - 3, caller: false, shop: false);
        _node.Engine.ActiveCalls.ShouldBe(1, "the caller holds in silence");
        Talk(5, caller: false, shop: false);
        ShouldHaveEnded(MediaFault.CallerSilent, "Q.850;cause=102;text=\"Media timeout, nothing from caller\"");
    }

    [Fact]
    public void Hold_InSilence_LastsAsLongAsTheHolderRefreshesItsSession()
    {
        var (_, ok) = Connect();
        Talk(2, caller: true, shop: true);
        Reinvite(ok, 2, "a=sendonly\r\n", "a=recvonly\r\n");
        for (var cseq = 3; cseq < 6; cseq++)
        {
            Talk(HoldSec - 3, caller: false, shop: false);
            _node.Deliver(Peer.FromCaller(ok, "UPDATE", cseq, $"up{cseq}"), Harness.Carrier).ShouldBeTrue();
            _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        }
        _node.Engine.ActiveCalls.ShouldBe(1);
        Talk(HoldSec + 2, caller: false, shop: false);
        ShouldHaveEnded(MediaFault.CallerSilent, "Q.850;cause=102;text=\"Media timeout, nothing from caller\"");
    }

    [Fact]
    public void Resume_AfterASilentHold_GivesTheHolderItsWholeTime()
    {
        var (_, ok) = Connect();
        Talk(2, caller: true, shop: true);
        Reinvite(ok, 2, "a=sendonly\r\n", "a=recvonly\r\n");
        Talk(HoldSec - 10, caller: false, shop: false);
        Reinvite(ok, 3, "a=sendrecv\r\n", "a=sendrecv\r\n");
        Talk(SilenceSec - 2, caller: false, shop: true);
        _node.Engine.ActiveCalls.ShouldBe(1);
        Talk(4, caller: false, shop: true);
        ShouldHaveEnded(MediaFault.CallerSilent, "Q.850;cause=102;text=\"Media timeout, nothing from caller\"");
    }

    [Fact]
    public void Resume_AfterALongHold_GivesTheShopItsWholeTime()
    {
        var (_, ok) = Connect();
        Talk(2, caller: true, shop: true);
        Reinvite(ok, 2, "a=inactive\r\n", "a=inactive\r\n");
        Talk(4 * SilenceSec, caller: false, shop: false);
        Reinvite(ok, 3, "a=sendrecv\r\n", "a=sendrecv\r\n");
        Talk(SilenceSec - 2, caller: true, shop: false);
        _node.Engine.ActiveCalls.ShouldBe(1);
        Talk(4, caller: true, shop: false);
        ShouldHaveEnded(MediaFault.CalleeSilent, "Q.850;cause=102;text=\"Media timeout, nothing from callee\"");
    }

    [Fact]
    public void Address_ThatNobodyListensAt_EndsBothLegsAndSaysWhose()
    {
        Connect();
        Talk(4, caller: true, shop: true);
        _shop.Dispose();
        Talk(7, caller: true, shop: false, packets: 5);
        ShouldHaveEnded(
            MediaFault.CalleeUnreachable, "Q.850;cause=102;text=\"Media address of callee unreachable\"");
    }

    [Fact]
    public void Bye_OfACallWhoseMediaIsWell_NamesNoFault()
    {
        var (_, ok) = Connect();
        Talk(2, caller: true, shop: true);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.MediaFault).ShouldBe((EndReason.Bye, MediaFault.None));
    }

    private (SentMessage ShopInvite, SentMessage Ok) Connect()
    {
        var invite = _node.Dial(Peer.Invite(body: Peer.Sdp(_caller.Port)));
        var (ok, _) = _node.Answer(invite, _shop.Port);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier).ShouldBeTrue();
        (_toCaller, _toShop) = (ok.AudioPort, invite.AudioPort);
        return (invite, ok);
    }

    private void Reinvite(SentMessage ok, int cseq, string offered, string answered)
    {
        var invite = Peer.FromCaller(ok, "INVITE", cseq, $"re{cseq}", Peer.Sdp(_caller.Port, offered));
        _node.Deliver(invite, Harness.Carrier).ShouldBeTrue();
        var carried = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(_shop.Port, answered)), Harness.Shop).ShouldBeTrue();
        _node.Deliver(Peer.FromCaller(ok, "ACK", cseq, $"ack{cseq}"), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        _node.TakeSent(Harness.Carrier);
    }

    // Each talker sends so many packets a second; the caller sends to the port that its 200 names.
    private void Talk(int seconds, bool caller, bool shop, int packets = 1)
    {
        for (var i = 0; i < seconds * packets; i++)
        {
            if (caller) _caller.Send(_toCaller);
            if (shop) _shop.Send(_toShop);
            _node.PumpMedia();
            _node.Pass(1000 / packets);
        }
    }

    private void ShouldHaveEnded(MediaFault fault, string reason)
    {
        foreach (var peer in new[] { Harness.Shop, Harness.Carrier })
        {
            var bye = _node.TakeNew(peer).ShouldHaveSingleItem();
            (bye.Method, bye.Header("Reason")).ShouldBe(("BYE", reason));
        }
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.EndedBy, end.MediaFault).ShouldBe((EndReason.MediaTimeout, CallParty.System, fault));
        _node.IsWhole.ShouldBeTrue();
    }
}
