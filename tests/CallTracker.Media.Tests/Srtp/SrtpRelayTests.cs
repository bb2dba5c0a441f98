using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>The relay between plain and secure sides, with libsrtp as the far end of the secure ones.</summary>
public sealed class SrtpRelayTests
{
    public static TheoryData<SrtpSuite> Suites => SrtpKit.Suites;

    [Theory, MemberData(nameof(Suites))]
    public void Media_BetweenAPlainAndASecureSide_IsSealedAndOpened(SrtpSuite suite)
    {
        using var line = new SecureLine(suite);
        for (var i = 0; i < 50; i++)
        {
            var packet = Packets.Rtp(65_510 + i);
            line.Shop.Send(line.ToShopSide, packet);
            var wire = line.Harness.PumpTo(line.Phone, out _);
            wire.Length.ShouldBe(packet.Length + SrtpSuites.RtpTagLength(suite));
            wire.AsSpan(12, 160).SequenceEqual(packet.AsSpan(12)).ShouldBeFalse();
            line.OpenAtPhone(wire).ShouldBe(packet);
            var back = Packets.Rtp(300 + i, ssrc: 9);
            line.Phone.Send(line.ToPhoneSide, line.SealAtPhone(back));
            line.Harness.PumpTo(line.Shop, out _).ShouldBe(back);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rtcp_BetweenAPlainAndASecureSide_IsSealedAndOpened(bool isMuxed)
    {
        using var line = new SecureLine(SrtpSuite.Cm128Sha80, isMuxed);
        line.SayHello();
        var plus = isMuxed ? 0 : 1;
        for (var i = 0; i < 3; i++)
        {
            var report = Packets.Rtcp((byte)(40 + i));
            line.PhoneControl.Send(line.Harness.Local(line.Session, MediaSide.A, plus), line.SealRtcpAtPhone(report));
            line.Harness.PumpTo(line.ShopControl, out _).ShouldBe(report);
            line.ShopControl.Send(line.Harness.Local(line.Session, MediaSide.B, plus), report);
            line.OpenRtcpAtPhone(line.Harness.PumpTo(line.PhoneControl, out _)).ShouldBe(report);
        }
    }

    [Fact]
    public void Packet_PlainOrForgedOrReplayed_ChangesNothingButACounter()
    {
        using var line = new SecureLine(SrtpSuite.Aead128Gcm);
        var first = line.SealAtPhone(Packets.Rtp(10));
        var forged = first.ToArray();
        forged[^1] ^= 1;
        line.Phone.Send(line.ToPhoneSide, Packets.Rtp(10));
        line.Phone.Send(line.ToPhoneSide, forged);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpForged) == 2);
        var untouched = line.Harness.Totals(line.Session, MediaSide.A);
        (untouched.Packets, untouched.Bytes, untouched.FirstPacketMs, untouched.Peer.IsUnspecified)
            .ShouldBe((0UL, 0UL, -1, true));
        line.Harness.Told.ShouldBeEmpty();
        line.Phone.Send(line.ToPhoneSide, first);
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(10));
        line.Phone.Send(line.ToPhoneSide, first);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpReplayed) == 1);
        line.Harness.Totals(line.Session, MediaSide.A).Packets.ShouldBe(1UL);
    }

    // A stranger who learned where the port is sends well-formed RTP in a row, which a plain side might learn from.
    [Fact]
    public void Stranger_WithoutTheKey_IsNeverLearned()
    {
        using var line = new SecureLine(SrtpSuite.Cm256Sha80);
        using var stranger = new MediaPeer(line.Address, 9010);
        // From now on the rule would allow it.
        line.Harness.NowMs += SourceLatch.PatienceMs;
        for (var i = 0; i < 20; i++) stranger.Send(line.ToPhoneSide, Packets.Rtp(i).Concat(new byte[10]).ToArray());
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpForged) == 20);
        line.Harness.Relay.Counters.SourcesLearned.ShouldBe(0);
        line.Phone.Send(line.ToPhoneSide, line.SealAtPhone(Packets.Rtp(1)));
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(1));
    }

    [Fact]
    public void Keys_ThatAreNew_BeginAnewAndWhatWasOnItsWayStillPasses()
    {
        using var line = new SecureLine(SrtpSuite.Cm128Sha80);
        line.SayHello();
        var late = line.SealAtPhone(Packets.Rtp(700));
        line.Rekey(SrtpSuite.Aead256Gcm, 9);
        line.Phone.Send(line.ToPhoneSide, late);
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(700));
        line.SayHello(sequence: 4);
        var tooLate = Packets.Rtp(701);
        using var old = new LibSrtp(SrtpKit.MasterOf(SrtpSuite.Cm128Sha80, SecureLine.PhoneSeed), sends: true);
        line.Phone.Send(line.ToPhoneSide, SecureLine.Run(old.ProtectRtp, tooLate));
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpForged) == 1);
        line.Shop.Send(line.ToShopSide, Packets.Rtp(12));
        line.OpenAtPhone(line.Harness.PumpTo(line.Phone, out _)).ShouldBe(Packets.Rtp(12));
    }

    [Fact]
    public void Keys_ThatAreTheSame_GoOnWithTheirIndexes()
    {
        using var line = new SecureLine(SrtpSuite.Cm128Sha80);
        foreach (var sequence in new[] { 65_535, 65_536 }) line.SayHello(sequence);
        line.SetKeys();
        line.SayHello(65_537);
        line.Phone.Send(line.ToPhoneSide, line.LastFromPhone);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpReplayed) == 1);
    }

    // As when a call goes from fork to fork and back: what was heard under the first key is not heard again.
    [Fact]
    public void Keys_ThatComeBack_StillKnowWhatTheyHaveOpened()
    {
        using var line = new SecureLine(SrtpSuite.Aead256Gcm);
        line.SayHello();
        var heard = line.LastFromPhone;
        var (local, other) = (SrtpKit.MasterOf(SrtpSuite.Aead256Gcm, 2), SrtpKit.MasterOf(SrtpSuite.Aead256Gcm, 77));
        line.Harness.Relay.SetKeys(line.Session, MediaSide.A, local, other);
        line.SetKeys();
        line.Phone.Send(line.ToPhoneSide, heard);
        line.Harness.PumpUntil(() => line.Harness.Dropped(MediaDropReason.SrtpReplayed) == 1);
        line.SayHello(2);
    }

    [Fact]
    public void Side_WithoutKeysAgain_IsPlain()
    {
        using var line = new SecureLine(SrtpSuite.Aead128Gcm);
        line.SayHello();
        line.Harness.Relay.SetKeys(line.Session, MediaSide.A, default, default);
        line.Phone.Send(line.ToPhoneSide, Packets.Rtp(9));
        line.Harness.PumpTo(line.Shop, out _).ShouldBe(Packets.Rtp(9));
        line.Harness.Relay.SecureSides.ShouldBe(0);
    }

    [Fact]
    public void Ringback_TowardASecureSide_IsSealed()
    {
        using var line = new SecureLine(SrtpSuite.Cm128Sha32, isAnswered: false);
        var format = new PlayFormat(PromptCodecs.Pcmu, 0);
        line.Harness.Relay.Player.Start(
            line.Session, MediaSide.A, new PlayRequest(Tones.Ringback.Looped, format, PlayUse.Ringback),
            line.Harness.NowMs).ShouldBeTrue();
        line.Harness.Step(40);
        var opened = line.OpenAtPhone(line.Harness.PumpTo(line.Phone, out _));
        opened.Length.ShouldBe(172);
        opened.AsSpan(12).SequenceEqual(Tones.Ringback.In(PromptCodecs.Pcmu)[0]).ShouldBeTrue();
    }

    // Every key, cipher and side comes back; the next call uses them again.
    [Fact]
    public void Sessions_OpenedRekeyedAndClosed_LeaveNothingLent()
    {
        using var harness = new RelayHarness();
        for (var round = 0; round < 100; round++)
        {
            var session = harness.Open();
            harness.Relay.SetKeys(session, MediaSide.A, Key(round), Key(round + 1));
            harness.Relay.SetKeys(session, MediaSide.B, Key(round + 2), Key(round + 3));
            harness.Relay.SetKeys(session, MediaSide.A, Key(round + 4), Key(round + 5));
            harness.Relay.TryRenew(session, MediaSide.B, out _).ShouldBeTrue();
            harness.Relay.SetKeys(session, MediaSide.B, Key(round + 6), Key(round + 7));
            harness.Relay.Close(session, out _, out _);
        }
        harness.Relay.SecureSides.ShouldBe(0);
        harness.Relay.SrtpPool.CiphersLent.ShouldBe(0);
        harness.Relay.SrtpPool.CiphersMade.ShouldBeLessThan(12);
    }

    private static SrtpMaster Key(int n) =>
        SrtpKit.MasterOf((SrtpSuite)((n / 2 % SrtpSuites.Count) + 1), (byte)n);
}
