using System.Text.RegularExpressions;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Media.Dtmf;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Direct;

/// <summary>
/// A direct call from INVITE to BYE: what each side is told, and that offer and answer keep their rules.
/// </summary>
public sealed class DirectCallTests : IDisposable
{
    private readonly Harness _node = DirectTrunk.Use(new Harness());

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Descriptions_PassAsTheyCame_ButForWhatNamesOurDialog()
    {
        var offered = Peer.Sdp(
            40000, "a=sendrecv\r\na=candidate:1 1 UDP 1 127.0.0.1 40000 typ host\r\na=x-own:1.2.3.4\r\n");
        var video = "m=video 40002 RTP/AVP 96\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:96 H264/90000\r\n";
        var invite = _node.Dial(Peer.Invite(body: offered + video));
        DirectTrunk.WithoutOrigin(invite.Body).ShouldBe(DirectTrunk.WithoutOrigin(offered + video));
        Origin(invite).ShouldMatch(@"^o=- \d+ 1 IN IP4 127\.0\.0\.1$");
        var (ok, _) = _node.Answer(invite, 42000);
        DirectTrunk.WithoutOrigin(ok.Body).ShouldBe(DirectTrunk.WithoutOrigin(Peer.Sdp(42000)));
        Origin(ok).ShouldNotBe(Origin(invite), "each leg is a dialog of its own");
        ok.Text.ShouldNotContain("127.0.0.9");
        _node.Engine.Media.OpenSessions.ShouldBe(0);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        _node.IsWhole.ShouldBeTrue();
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        (end.MediaMode, end.Reason, end.MediaFault).ShouldBe((MediaMode.Direct, EndReason.Bye, MediaFault.None));
        _node.Journal.Entries.Select(e => e.MediaMode)
            .ShouldBe([MediaMode.None, MediaMode.Direct, MediaMode.Direct]);
        _node.Engine.Counters.AnsweredDirect.ShouldBe(1);
    }

    [Fact]
    public void Codecs_ThatATrunkMayNotUse_AreTakenOutOnBothWays()
    {
        DirectTrunk.Use(_node, shop: new DirectTrunk { Codecs = ["pcmu"] });
        var offer = Peer.Sdp(40000).Replace("AVP 0 101", "AVP 0 8 101", StringComparison.Ordinal);
        var invite = _node.Dial(Peer.Invite(body: offer));
        invite.Body.ShouldContain("m=audio 40000 RTP/AVP 0 101\r\n");
        var answer = Peer.Sdp(42000).Replace("AVP 0 101", "AVP 0 8 101", StringComparison.Ordinal);
        _node.Deliver(Peer.Answer(invite, 200, answer), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldContain("m=audio 42000 RTP/AVP 0 101\r\n");
    }

    [Fact]
    public void LateOffer_TheShopsOfferAndTheCallersAnswer_PassToEachOther()
    {
        var invite = _node.Dial(Peer.Invite(body: null));
        invite.Body.ShouldBeEmpty();
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, ok.AudioPort).ShouldBe((200, 42000));
        _node.TakeSent(Harness.Shop).ShouldBeEmpty("the ACK waits for the answer");
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a", Peer.Sdp(40000)), Harness.Carrier);
        var ack = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (ack.Method, ack.AudioPort).ShouldBe(("ACK", 40000));
        _node.Engine.Media.OpenSessions.ShouldBe(0);
    }

    [Theory]
    [InlineData("INVITE")]
    [InlineData("UPDATE")]
    public void Hold_AndBack_PassesWithBothDirections(string method)
    {
        var (_, ok) = Connect("Allow: UPDATE\r\n");
        foreach (var (cseq, offered, answered) in new[]
        {
            (2, "a=sendonly\r\n", "a=recvonly\r\n"), (3, "a=sendrecv\r\n", "a=sendrecv\r\n"),
        })
        {
            var carried = Offer(ok, method, cseq, Peer.Sdp(40000, offered));
            (carried.Method, carried.AudioPort).ShouldBe((method, 40000));
            carried.Body.ShouldContain(offered);
            _node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000, answered)), Harness.Shop);
            var answer = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
            (answer.Code, answer.AudioPort).ShouldBe((200, 42000));
            answer.Body.ShouldContain(answered);
            if (method == "INVITE") _node.Deliver(Peer.FromCaller(ok, "ACK", cseq, $"a{cseq}"), Harness.Carrier);
            _node.TakeSent(Harness.Shop);
        }
        _node.Pass(600_000);
        _node.Engine.ActiveCalls.ShouldBe(1, "nobody listens for silence");
    }

    [Fact]
    public void Offers_AtTheSameTime_AreTakenOneAtATime()
    {
        var (invite, ok) = Connect("");
        Offer(ok, "INVITE", 2, Peer.Sdp(40002));
        _node.Deliver(Peer.FromShop(invite, "INVITE", 1, "s1", Peer.Sdp(42002)), Harness.Shop);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(491);
    }

    [Fact]
    public void Answer_WithoutAudio_PassesAndAudioMayComeBack()
    {
        var (_, ok) = Connect("");
        var carried = Offer(ok, "INVITE", 2, Peer.Sdp(40000));
        _node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(0)), Harness.Shop);
        var refusal = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        refusal.Body.ShouldContain("m=audio 0 RTP/AVP 0 101");
        _node.Deliver(Peer.FromCaller(ok, "ACK", 2, "a2"), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        Offer(ok, "INVITE", 3, Peer.Sdp(40004)).AudioPort.ShouldBe(40004);
    }

    [Theory]
    [InlineData("RTP/AVP", "RTP/SAVP")]
    [InlineData("m=audio 40002", "m=audio 0")]
    [InlineData("c=IN IP4 127.0.0.1", "c=IN IP6 ::1")]
    [InlineData("c=IN IP4 127.0.0.1", "c=IN IP4 224.0.1.7")]
    [InlineData("c=IN IP4 127.0.0.1", "c=IN IP4 host.example")]
    [InlineData("a=sendrecv", "a=fingerprint:sha-256 AB:CD")]
    public void Offer_InTheCallThatCannotBeDirect_Is488AndTheCallGoesOn(string usual, string odd)
    {
        var (_, ok) = Connect("");
        var sdp = Peer.Sdp(40002).Replace(usual, odd, StringComparison.Ordinal);
        _node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re2", sdp), Harness.Carrier).ShouldBeTrue();
        _node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(488);
        _node.TakeSent(Harness.Shop).ShouldBeEmpty();
        _node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData("RTP/AVP", "RTP/SAVP")]
    [InlineData("c=IN IP4 127.0.0.1", "c=IN IP6 ::1")]
    [InlineData("m=audio 42000", "m=audio 0")]
    public void Answer_ThatCannotBeDirect_EndsTheAttempt(string usual, string odd)
    {
        var invite = _node.Dial();
        var sdp = Peer.Sdp(42000).Replace(usual, odd, StringComparison.Ordinal);
        _node.Deliver(Peer.Answer(invite, 200, sdp), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        _node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        _node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Ringing_SentReliably_IsTheAnswerAndTheCallerIsToldNoOther()
    {
        var reliable = new DirectTrunk { Reliable = ReliableProvisional.Supported };
        DirectTrunk.Use(_node, reliable, reliable);
        var invite = _node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n"));
        _node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        var progress = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (progress.Code, progress.AudioPort).ShouldBe((183, 42000));
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("PRACK");
        _node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        _node.TakeSent(Harness.Carrier);
        _node.Deliver(Peer.Answer(invite, 200), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, ok.Body).ShouldBe((200, ""));
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    [Fact]
    public void EarlyMedia_ThatStaysSilent_GetsNoToneOfOurs()
    {
        var invite = _node.Dial();
        _node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().AudioPort.ShouldBe(42000);
        _node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        _node.Pass(3000);
        _node.Engine.Media.Player.ActiveCount.ShouldBe(0);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(180);
        var (ok, _) = _node.Answer(invite, 42000);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldBeEmpty("it was told of nothing else before");
    }

    [Fact]
    public void Info_OfADirectCall_PassesAsItIs()
    {
        var info = new DirectTrunk { Dtmf = DtmfWay.Info };
        DirectTrunk.Use(_node, info, info);
        var (_, ok) = Connect("");
        const string body = "Signal=5\r\nDuration=160\r\n";
        _node.Deliver(Peer.FromCaller(ok, "INFO", 2, "i", body, "application/dtmf-relay"), Harness.Carrier);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Body.ShouldBe(body);
    }

    private (SentMessage Invite, SentMessage Ok) Connect(string shopHeaders)
    {
        var invite = _node.Dial();
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), headers: shopHeaders), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        return (invite, ok);
    }

    private SentMessage Offer(SentMessage ok, string method, int cseq, string sdp)
    {
        _node.Deliver(Peer.FromCaller(ok, method, cseq, $"o{cseq}", sdp), Harness.Carrier).ShouldBeTrue();
        var carried = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.TakeSent(Harness.Carrier);
        return carried;
    }

    private static string Origin(SentMessage message) => Regex.Match(message.Body, "(?m)^o=[^\r]*").Value;
}
