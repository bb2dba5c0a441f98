using CallTracker.Media.Dtls;
using CallTracker.Media.Ice;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Ice;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>A browser's leg through the relay: checks, handshake, and media both ways under its keys.</summary>
public sealed class DtlsRelayTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Call_BetweenABrowserAndAShop_IsHeardOnBothSides(bool hasIce, bool isActive)
    {
        using var line = new BrowserLine(hasIce, isActive);
        line.Answer();
        line.Connect();
        for (var i = 1; i < 20; i++) line.Talk(i);
        line.Counters.Ended(DtlsResult.Ok).ShouldBe(1);
        line.Harness.Relay.SecureSides.ShouldBe(1);
        line.Harness.Relay.Close(line.Session, out _, out _);
        line.Harness.Relay.SecureSides.ShouldBe(0);
        line.Harness.Relay.Dtls.Count.ShouldBe(0);
        line.Harness.Relay.SrtpPool.CiphersLent.ShouldBe(0);
    }

    [Fact]
    public void Rtcp_OfABrowser_GoesToTheShopsOwnPortAndBack()
    {
        using var line = new BrowserLine();
        using var control = new MediaPeer(line.Address, 9003);
        line.Answer();
        line.Connect();
        line.Talk(1);
        line.Browser.Send(line.ToBrowserSide, line.SealRtcp(Packets.Rtcp(1)));
        line.Harness.PumpTo(control, out _).ShouldBe(Packets.Rtcp(1));
        control.Send(line.Harness.Local(line.Session, MediaSide.B, 1), Packets.Rtcp(2));
        line.OpenRtcp(line.Harness.PumpTo(line.Browser, out _)).ShouldBe(Packets.Rtcp(2));
    }

    // Before the keys nothing passes, in the clear least of all.
    [Fact]
    public void Media_BeforeTheHandshake_GoesNowhere()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Check();
        line.Browser.Send(line.ToBrowserSide, Packets.Rtp(1));
        line.Shop.Send(line.ToShopSide, Packets.Rtp(2));
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpNoKey) == 2);
        line.Shop.TryReceive(out _, out _).ShouldBeFalse();
        line.Browser.TryReceive(out _, out _).ShouldBeFalse();
        line.Harness.Totals(line.Session, MediaSide.A).Packets.ShouldBe(0UL);
    }

    [Fact]
    public void Handshake_FromASourceWithoutACheck_IsNotEvenLookedAt()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Dtls.Start();
        for (var i = 0; i < 50; i++) line.Browser.Send(line.ToBrowserSide, Packets.Dtls());
        line.SendFlight();
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.Dtls) == 51);
        line.Harness.Relay.Dtls.Sessions.ShouldBe(0);
        line.Browser.TryReceive(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Handshake_OfATelephoneFromElsewhereThanItsSdp_IsNotEvenLookedAt()
    {
        using var line = new BrowserLine(hasIce: false);
        using var stranger = new MediaPeer(line.Address, 9010);
        line.Answer();
        line.Dtls.Start();
        line.SendFlight(from: stranger);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.Dtls) == 1);
        line.Harness.Relay.Dtls.Sessions.ShouldBe(0);
        line.Dtls = new DtlsSession(Identities.Theirs, isServer: false, Identities.Ours.Fingerprint);
        line.Connect();
        line.Talk(1);
    }

    // What they cost is one look at the name; the call does not notice them.
    [Fact]
    public void Strangers_InAFlood_GetNoAnswerAndChangeNothing()
    {
        using var line = new BrowserLine();
        using var stranger = new MediaPeer(line.Address, 9010);
        line.Answer();
        line.Connect();
        line.Talk(1);
        var guess = new IcePeer("ABCDEFGH", "0123456789012345678901");
        var known = new IcePeer(System.Text.Encoding.ASCII.GetString(line.Local.Ice.Fragment), "wrong");
        var before = line.Harness.Totals(line.Session, MediaSide.A);
        for (var round = 0; round < 100; round++)
        {
            stranger.Send(line.ToBrowserSide, guess.Check(nominates: true));
            stranger.Send(line.ToBrowserSide, known.Check(nominates: true));
            stranger.Send(line.ToBrowserSide, Packets.Stun());
            stranger.Send(line.ToBrowserSide, Packets.Dtls());
            stranger.Send(line.ToBrowserSide, Packets.Rtp(round));
            line.Harness.Pump();
        }
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.Dtls) == 100
            && line.Harness.Dropped(MediaDropReason.Stun) == 300
            && line.Harness.Dropped(MediaDropReason.UnknownSource) == 100);
        stranger.TryReceive(out _, out _).ShouldBeFalse();
        var after = line.Harness.Totals(line.Session, MediaSide.A);
        (after.Packets, after.Peer).ShouldBe((before.Packets, line.Browser.Endpoint));
        line.Counters.Checks.ShouldBe(1);
        line.Talk(2);
    }

    [Fact]
    public void Certificate_OfSomebodyElse_EndsTheCall()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Dtls = new DtlsSession(Identities.Strangers, isServer: false, Identities.Ours.Fingerprint);
        line.Check();
        line.Handshake();
        line.Harness.Pass(100);
        line.Harness.Told.ShouldBe([$"no keys 77 A {DtlsResult.Fingerprint}"]);
        line.Counters.Ended(DtlsResult.Fingerprint).ShouldBe(1);
        line.Harness.Pass(20_000);
        line.Harness.Told.Count.ShouldBe(1);
        line.Harness.Relay.Dtls.Sessions.ShouldBe(0);
    }

    [Fact]
    public void Failure_BeforeTheAnswer_IsToldAfterIt()
    {
        using var line = new BrowserLine();
        line.Dtls = new DtlsSession(Identities.Strangers, isServer: false, Identities.Ours.Fingerprint);
        line.Check();
        line.Handshake();
        line.Harness.Pass(30_000);
        line.Harness.Told.ShouldBeEmpty();
        line.Answer();
        line.Harness.CloseOnEvent();
        line.Harness.Pass(100);
        line.Harness.Told.ShouldBe([$"no keys 77 A {DtlsResult.Fingerprint}"]);
        line.Harness.Relay.Dtls.Count.ShouldBe(0);
    }

    [Fact]
    public void Handshake_NotDoneInTime_EndsTheCall()
    {
        using var line = new BrowserLine();
        line.Harness.Pass(60_000);
        line.Answer();
        line.Harness.Pass(DtlsDesk.HandshakeMsMax - 200);
        line.Harness.Told.ShouldBeEmpty();
        line.Harness.Pass(400);
        line.Harness.Told.ShouldBe([$"no keys 77 A {DtlsResult.Timeout}"]);
    }

    [Fact]
    public void Browser_ThatNominatesAnotherPath_IsFollowed()
    {
        using var line = new BrowserLine();
        using var elsewhere = new MediaPeer(RelayHarness.NewAddress(), 9100);
        line.Answer();
        line.Connect();
        line.Talk(1);
        line.Check(nominates: false, from: elsewhere);
        line.Talk(2);
        line.Check(nominates: true, from: elsewhere);
        line.Talk(3, from: elsewhere);
        line.Browser.Send(line.ToBrowserSide, line.Seal(Packets.Rtp(4)));
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.UnknownSource) == 1);
    }

    [Fact]
    public void IceRestart_WithTheSameCertificate_KeepsKeysAndPathUntilTheNewOne()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Connect();
        line.Talk(1);
        var old = line.Peer;
        var offer = line.RemoteOf(Identities.Theirs, fragment: "next");
        line.Local = DtlsLocal.Answer(offer, default, line.Remote, line.Local);
        line.Remote = offer;
        line.Describe();
        line.Talk(2);
        line.Browser.Send(line.ToBrowserSide, old.Check());
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.Stun) == 1);
        var fresh = IcePeer.Of(line.Local.Ice);
        line.Browser.Send(line.ToBrowserSide, fresh.Check(nominates: true, name: NameOf(line, "next")));
        fresh.IsAuthentic(line.Harness.PumpTo(line.Browser, out _)).ShouldBeTrue();
        line.Talk(3);
        line.Counters.Ended(DtlsResult.Ok).ShouldBe(1);
    }

    [Fact]
    public void NewCertificate_InAnotherOffer_BeginsAnewAndTheOldKeysAreVoid()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Connect();
        line.Talk(1);
        var old = line.Seal(Packets.Rtp(2));
        var offer = line.RemoteOf(Identities.Strangers);
        line.Local = DtlsLocal.Answer(offer, default, line.Remote, line.Local);
        line.Remote = offer;
        line.Describe();
        line.Peer = IcePeer.Of(line.Local.Ice);
        line.Check();
        line.Browser.Send(line.ToBrowserSide, old);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpNoKey) == 1);
        line.Dtls.Dispose();
        line.Dtls = new DtlsSession(Identities.Strangers, isServer: false, Identities.Ours.Fingerprint);
        line.Handshake();
        line.Talk(3);
        line.Counters.Ended(DtlsResult.Ok).ShouldBe(2);
    }

    [Fact]
    public void Description_Repeated_ChangesNothing()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Connect();
        line.Talk(1);
        line.Describe();
        line.Talk(2);
        line.Counters.Ended(DtlsResult.Ok).ShouldBe(1);
    }

    [Fact]
    public void Consent_WithoutChecks_EndsAndComesBackWithOne()
    {
        using var line = new BrowserLine(settings: new MediaSettings { SilenceMsMax = 0 });
        line.Answer();
        line.Connect();
        line.Talk(1);
        line.Harness.Pass(DtlsDesk.ConsentMs - 200);
        line.Talk(2);
        line.Harness.Told.Clear();
        line.Harness.Pass(400);
        line.Harness.Told.ShouldBe([$"timeout 77 A {MediaTimeoutKind.Silence}"]);
        line.Counters.ConsentsLost.ShouldBe(1);
        line.Shop.Send(line.ToShopSide, Packets.Rtp(5, ssrc: 9));
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.NoPeer) == 1);
        line.Check();
        line.Talk(6);
    }

    [Fact]
    public void Side_ThatIsPlainAgain_NeedsNeitherChecksNorKeys()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Connect();
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Browser.Endpoint).ShouldBeTrue();
        line.Harness.Relay.SetKeys(line.Session, MediaSide.A, default, default);
        line.Browser.Send(line.ToBrowserSide, Packets.Rtp(5));
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(5));
        line.Harness.Relay.Dtls.Count.ShouldBe(0);
        line.Harness.Relay.SecureSides.ShouldBe(0);
    }

    [Fact]
    public void Handshake_WithoutASharedProfile_Fails() =>
        OpenSslPeer.Handshake(profiles: null, out _).ShouldBe(DtlsResult.Profile);

    [Theory]
    [InlineData("SRTP_AES128_CM_SHA1_80")]
    [InlineData("SRTP_AES128_CM_SHA1_32")]
    [InlineData("SRTP_AEAD_AES_128_GCM")]
    [InlineData("SRTP_AEAD_AES_256_GCM")]
    [InlineData("SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM")]
    public void Keys_WithOpenSslsOwnClient_AreTheSame(string profiles)
    {
        OpenSslPeer.Handshake(profiles, out var agree).ShouldBe(DtlsResult.Ok);
        agree.ShouldBeTrue();
    }

    private static string NameOf(BrowserLine line, string fragment) =>
        System.Text.Encoding.ASCII.GetString(line.Local.Ice.Fragment) + ":" + fragment;
}
