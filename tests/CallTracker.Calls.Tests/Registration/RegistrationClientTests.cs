using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Registration;

/// <summary>
/// The node registers with a carrier (RFC 3261 section 10.2) that refuses, challenges and falls silent.
/// </summary>
public sealed class RegistrationClientTests : IDisposable
{
    private readonly Harness _node = new();

    public RegistrationClientTests() => AccessTrunks.Use(_node, AccessTrunks.MakeRegistrar());

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Trunk_ToRegisterWith_IsRegisteredWithAndRefreshedInTime()
    {
        var first = Next(100);
        (first.Method, first.Uri).ShouldBe(("REGISTER", "sip:carrier.example"));
        first.Header("To").ShouldBe("<sip:shop-user@carrier.example>");
        first.Header("Contact").ShouldBe("<sip:shop-user@127.0.0.1:5060>");
        first.Header("Expires").ShouldBe("600");
        var second = Challenge(first, "n1");
        DigestPeer.Proves(second, "n1").ShouldBeTrue(second.Text);
        (second.Header("Call-ID"), second.Header("CSeq"), second.Tag("From"))
            .ShouldBe((first.Header("Call-ID"), "2 REGISTER", first.Tag("From")));
        Accept(second, 300);
        IsRegistered.ShouldBeTrue();
        // Four fifths of 300 s, less a twentieth at most.
        _node.Pass(224_000);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
        var refresh = Next(17_000);
        (refresh.Header("Call-ID"), refresh.Header("CSeq")).ShouldBe((first.Header("Call-ID"), "3 REGISTER"));
        DigestPeer.Proves(refresh, "n1").ShouldBeTrue(refresh.Text);
        DigestPeer.Field(refresh.Header("Authorization"), "nc").ShouldBe("00000002");
    }

    [Fact]
    public void Nonce_StaleAtARefresh_IsReplaced()
    {
        Accept(Challenge(Next(100), "n1"), 300);
        var refresh = Next(241_000);
        var again = Challenge(refresh, "n2", isStale: true);
        DigestPeer.Proves(again, "n2").ShouldBeTrue(again.Text);
        Accept(again, 300);
        IsRegistered.ShouldBeTrue();
        Next(241_000).Header("CSeq").ShouldBe("5 REGISTER");
    }

    [Fact]
    public void Expires_TooBrief_IsRaisedAtOnceAndOnlyOnce()
    {
        var first = Next(100);
        _node.Deliver(Peer.Answer(first, 423, headers: "Min-Expires: 1800\r\n"), AccessTrunks.Registrar);
        var second = Next(100);
        second.Header("Expires").ShouldBe("1800");
        _node.Deliver(Peer.Answer(second, 423, headers: "Min-Expires: 1800\r\n"), AccessTrunks.Registrar);
        _node.Pass(2000);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
        IsRegistered.ShouldBeFalse();
        Next(3100).Header("Expires").ShouldBe("1800");
    }

    [Fact]
    public void Password_Wrong_IsNotTriedInALoop()
    {
        var second = Challenge(Next(100), "n1");
        _node.Deliver(Peer.Answer(second, 401, headers: DigestPeer.Challenge("n2")), AccessTrunks.Registrar);
        _node.Pass(2400);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
        (_node.Engine.Registrations[0].Failed, _node.Engine.AccessCounters.Unanswered).ShouldBe((1, 1));
        Next(2700).Header("Authorization").ShouldBe("");
    }

    [Fact]
    public void Refusals_InARow_AreWaitedForLongerAndLonger()
    {
        var waits = new List<long>();
        var request = Next(100);
        for (var i = 0; i < 10; i++)
        {
            _node.Deliver(Peer.Answer(request, 500), AccessTrunks.Registrar);
            var startMs = _node.Now.NowMs;
            request = Next(301_000, 10);
            waits.Add(_node.Now.NowMs - startMs);
        }
        for (var i = 0; i < waits.Count; i++)
        {
            var longestMs = Math.Min(300_000, 5000L << i);
            waits[i].ShouldBeInRange(longestMs / 2, longestMs + 100);
        }
    }

    [Fact]
    public void Trunks_OfOneAddressAndUser_EachAnswerWithTheirOwnSecretAndNonce()
    {
        AccessTrunks.Use(
            _node, AccessTrunks.MakeRegistrar(secret: "another", id: "a"), AccessTrunks.MakeRegistrar(id: "b"));
        _node.Pass(200);
        var challenged = _node.TakeSent(AccessTrunks.Registrar);
        foreach (var request in challenged)
            _node.Deliver(Peer.Answer(request, 401, headers: DigestPeer.Challenge("n1")), AccessTrunks.Registrar);
        var proofs = _node.TakeSent(AccessTrunks.Registrar);
        proofs.Count.ShouldBe(2);
        proofs.Count(proof => DigestPeer.Proves(proof, "n1")).ShouldBe(1);
        foreach (var request in proofs) Accept(request, 300);
        _node.Pass(241_000);
        var refreshes = _node.TakeSent(AccessTrunks.Registrar).DistinctBy(sent => sent.Header("Call-ID")).ToList();
        refreshes.Count.ShouldBe(2);
        refreshes.ShouldAllBe(request => request.Header("Authorization") != "");
        refreshes.Count(request => DigestPeer.Proves(request, "n1")).ShouldBe(1);
    }

    [Fact]
    public void RetryAfter_OfARefusal_IsHeeded()
    {
        var request = Next(100);
        _node.Deliver(Peer.Answer(request, 503, headers: "Retry-After: 60 (busy)\r\n"), AccessTrunks.Registrar);
        _node.Pass(59_000);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
        Next(2000);
    }

    [Fact]
    public void Registrar_ThatFallsSilent_IsTriedAgainAndTheStateIsFalseWhenTheBindingIsOver()
    {
        Accept(Next(100), 120);
        IsRegistered.ShouldBeTrue();
        _node.Pass(119_000);
        IsRegistered.ShouldBeTrue();
        _node.Pass(2_000);
        IsRegistered.ShouldBeFalse();
        _node.Pass(20_000);
        var sent = _node.TakeSent(AccessTrunks.Registrar);
        sent.Select(m => m.Branch).Distinct().Count().ShouldBeGreaterThan(1);
        Accept(sent[^1], 120);
        IsRegistered.ShouldBeTrue();
    }

    [Fact]
    public void Drain_AtItsEnd_TakesTheBindingBack()
    {
        Accept(Next(100), 600);
        _node.Engine.StartDrain();
        _node.Pass(1000);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
        _node.Engine.Unregister(_node.Now);
        var last = _node.TakeSent(AccessTrunks.Registrar).ShouldHaveSingleItem();
        last.Header("Expires").ShouldBe("0");
        _node.Engine.Registrations.Length.ShouldBe(1);
        _node.Deliver(Peer.Answer(last, 200), AccessTrunks.Registrar);
        _node.Engine.Registrations.ShouldBeEmpty();
        _node.Pass(10_000);
        _node.TakeSent(AccessTrunks.Registrar).ShouldBeEmpty();
    }

    [Fact]
    public void Settings_Changed_EndTheOldRegistrationAndBeginANewOne()
    {
        var old = Next(100);
        Accept(old, 600);
        AccessTrunks.Use(_node, AccessTrunks.MakeRegistrar(secret: "new"));
        _node.Pass(200);
        var sent = _node.TakeSent(AccessTrunks.Registrar);
        sent.Count.ShouldBe(2);
        sent.Single(m => m.Header("Expires") == "0").Header("Call-ID").ShouldBe(old.Header("Call-ID"));
        var fresh = sent.Single(m => m.Header("Expires") == "600");
        fresh.Header("Call-ID").ShouldNotBe(old.Header("Call-ID"));
        AccessTrunks.Use(_node);
        _node.Pass(100);
        foreach (var message in sent) _node.Deliver(Peer.Answer(message, 200), AccessTrunks.Registrar);
        _node.Pass(100);
        var last = _node.TakeSent(AccessTrunks.Registrar).ShouldHaveSingleItem();
        (last.Header("Expires"), last.Header("Call-ID")).ShouldBe(("0", fresh.Header("Call-ID")));
    }

    [Theory]
    [InlineData("shop-user", "<sip:0120000001@carrier.example>", "", 100)]
    [InlineData("shop-user", "<sip:x@y>", "P-Called-Party-ID: <tel:+81120000001>\r\n", 100)]
    [InlineData("0120000001", "<sip:x@y>", "", 100)]
    [InlineData("shop-user", "<sip:x@y>", "", 404)]
    [InlineData("other", "<sip:0120000001@carrier.example>", "", 404)]
    public void Call_ToOurContact_IsForTheNumberDialled(string user, string to, string headers, int code)
    {
        Accept(Next(100), 600);
        var invite = Peer.Invite($"sip:{user}@127.0.0.1:5060", headers: headers)
            .Replace($"To: <sip:{user}@127.0.0.1:5060>", "To: " + to, StringComparison.Ordinal);
        _node.Deliver(invite, AccessTrunks.Registrar).ShouldBeTrue();
        _node.TakeSent(AccessTrunks.Registrar).ShouldHaveSingleItem().Code.ShouldBe(code);
        if (code == 100) _node.Journal.Entries[0].Called.ShouldBe("0120000001");
    }

    private bool IsRegistered => _node.Engine.Registrations[0].IsRegistered;

    /// <summary>Lets time pass until a REGISTER goes out; it must within the limit.</summary>
    private SentMessage Next(long limitMs, long stepMs = 50)
    {
        for (var passedMs = 0L; passedMs < limitMs; passedMs += stepMs)
        {
            _node.Pass(stepMs);
            if (_node.TakeSent(AccessTrunks.Registrar) is [var sent]) return sent;
        }
        throw new InvalidOperationException($"No REGISTER within {limitMs} ms.");
    }

    private SentMessage Challenge(SentMessage request, string nonce, bool isStale = false)
    {
        var headers = DigestPeer.Challenge(nonce, isStale: isStale);
        _node.Deliver(Peer.Answer(request, 401, headers: headers), AccessTrunks.Registrar).ShouldBeTrue();
        return _node.TakeSent(AccessTrunks.Registrar).ShouldHaveSingleItem();
    }

    private void Accept(SentMessage request, int expiresSec) => _node.Deliver(
        Peer.Answer(request, 200, contact: "sip:other@192.0.2.1",
            headers: $"Contact: <sip:shop-user@127.0.0.1:5060>;expires={expiresSec}\r\nExpires: 7\r\n"),
        AccessTrunks.Registrar).ShouldBeTrue();
}
