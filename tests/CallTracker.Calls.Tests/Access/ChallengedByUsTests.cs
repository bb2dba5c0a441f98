using CallTracker.Calls.Access;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Access;

/// <summary>A PBX must prove itself before its INVITE becomes a call.</summary>
public sealed class ChallengedByUsTests : IDisposable
{
    private const string Uri = "sip:0120000001@127.0.0.1:5060";
    private readonly Harness _node = new();
    private int _serial;

    public ChallengedByUsTests() => AccessTrunks.Use(
        _node, AccessTrunks.MakePbx(), AccessTrunks.MakePbx("branch", "pbx-branch"), AccessTrunks.MakePhone());

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("pbx", "pbx")]
    [InlineData("branch", "pbx-branch")]
    public void Invite_WithARightDigest_BecomesACallOfThatUser(string user, string trunkId)
    {
        var challenge = Invite("");
        challenge.Code.ShouldBe(401);
        challenge.Header("WWW-Authenticate").ShouldStartWith("Digest realm=\"calltracker\",nonce=\"");
        _node.IsWhole.ShouldBeTrue();
        Invite(DigestPeer.Authorize(challenge, "INVITE", Uri, user)).Code.ShouldBe(100);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
        _node.Journal.Entries.ShouldHaveSingleItem().TrunkIn.ShouldBe(trunkId);
        // A UAC's credentials are for us alone (RFC 3261 section 22.1).
        _node.Wire.Sent.ShouldNotContain(m => m.Text.Contains("Authorization", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pbx", "wrong")]
    [InlineData("nobody", DigestPeer.Secret)]
    [InlineData("pbx", "")]
    public void Invite_WithAWrongDigest_IsChallengedAgainAndCounted(string user, string secret)
    {
        var challenge = Invite("");
        var again = Invite(DigestPeer.Authorize(challenge, "INVITE", Uri, user, secret));
        again.Code.ShouldBe(401);
        again.Header("WWW-Authenticate").ShouldNotContain("stale");
        _node.Engine.AccessCounters.Denied.ShouldBe(1);
        _node.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Digest_Replayed_IsStaleAndOpensNothing()
    {
        var line = DigestPeer.Authorize(Invite(""), "INVITE", Uri, "pbx");
        Invite(line).Code.ShouldBe(100);
        var replay = Invite(line);
        replay.Code.ShouldBe(401);
        replay.Header("WWW-Authenticate").ShouldContain("stale=true");
        _node.Engine.AccessCounters.Denied.ShouldBe(0);
        Invite(DigestPeer.Authorize(replay, "INVITE", Uri, "pbx")).Code.ShouldBe(100);
        _node.Journal.Entries.Count.ShouldBe(2);
    }

    [Fact]
    public void Nonce_TooOld_IsStale()
    {
        var challenge = Invite("");
        _node.Pass(302_000);
        _node.TakeSent(AccessTrunks.Pbx);
        Invite(DigestPeer.Authorize(challenge, "INVITE", Uri, "pbx"))
            .Header("WWW-Authenticate").ShouldContain("stale=true");
    }

    [Fact]
    public void Digest_ForAnotherNumberOrMethod_OpensNothing()
    {
        var challenge = Invite("");
        Invite(DigestPeer.Authorize(challenge, "INVITE", "sip:0120000002@127.0.0.1:5060", "pbx")).Code.ShouldBe(401);
        Invite(DigestPeer.Authorize(challenge, "REGISTER", Uri, "pbx")).Code.ShouldBe(401);
    }

    [Fact]
    public void Phone_FromThePbxsAddress_IsKnownByItsUserAlone()
    {
        Invite(DigestPeer.Authorize(Invite(""), "INVITE", Uri, "1001")).Code.ShouldBe(100);
        _node.Journal.Entries.ShouldHaveSingleItem().TrunkIn.ShouldBe("phone-1001");
    }

    [Fact]
    public void Requests_InsideTheDialog_AreNotChallenged()
    {
        var challenge = Invite("");
        Invite(DigestPeer.Authorize(challenge, "INVITE", Uri, "pbx")).Code.ShouldBe(100);
        var shopInvite = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = _node.TakeSent(AccessTrunks.Pbx).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 2, "a"), AccessTrunks.Pbx);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 3, "b"), AccessTrunks.Pbx);
        _node.TakeSent(AccessTrunks.Pbx).ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public void Source_ThatGuesses_IsDroppedForATimeAndOthersAreNot()
    {
        var challenge = Invite("");
        for (var i = 0; i < AttackGuard.FailuresMax; i++)
            Invite(DigestPeer.Authorize(challenge, "INVITE", Uri, "pbx", "guess" + i)).Code.ShouldBe(401);
        Send(DigestPeer.Authorize(challenge, "INVITE", Uri, "pbx", DigestPeer.Secret));
        _node.TakeSent(AccessTrunks.Pbx).ShouldBeEmpty();
        _node.Engine.AccessCounters.Blocked.ShouldBe(1);
        _node.Journal.Entries.ShouldBeEmpty();
        _node.Pass((AttackGuard.BlockSec * 1000) + 1000);
        _node.TakeSent(AccessTrunks.Pbx);
        Invite(DigestPeer.Authorize(Invite(""), "INVITE", Uri, "pbx")).Code.ShouldBe(100);
    }

    [Fact]
    public void Guard_WithMoreSourcesThanPlaces_BlocksTheLatestGuesser()
    {
        var guard = new AttackGuard();
        for (var i = 0u; i < 20_000; i++) guard.CountFailure(IpEndpoint.FromIpv4(0x0a000000 + i, 5060), 1_000_000);
        var guesser = IpEndpoint.FromIpv4(0xc6336401, 5060);
        for (var i = 0; i < AttackGuard.FailuresMax - 1; i++) guard.CountFailure(guesser, 1_001_000);
        guard.IsBlocked(guesser, 1_001_000).ShouldBeFalse();
        guard.CountFailure(guesser, 1_001_000);
        guard.IsBlocked(guesser.WithPort(9), 1_002_000).ShouldBeTrue();
        guard.IsBlocked(IpEndpoint.FromIpv4(0xc6336402, 5060), 1_002_000).ShouldBeFalse();
        guard.IsBlocked(guesser, 1_062_000).ShouldBeFalse();
    }

    private SentMessage Invite(string authorization)
    {
        Send(authorization);
        return _node.TakeSent(AccessTrunks.Pbx).ShouldHaveSingleItem();
    }

    private void Send(string authorization) => _node.Deliver(
        Peer.Invite(Uri, headers: authorization, callId: $"c{++_serial}@pbx", branch: $"z9hG4bKp{_serial}"),
        AccessTrunks.Pbx).ShouldBeTrue();
}
