using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>What must not open, and that it leaves nothing behind.</summary>
public sealed class SrtpReplayTests
{
    public static TheoryData<SrtpSuite> Suites => SrtpKit.Suites;

    [Theory, MemberData(nameof(Suites))]
    public void Packet_OpenedTwice_IsReplayed(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        var wire = kit.Seal(Packets.Rtp(10));
        kit.Open(wire).Result.ShouldBe(SrtpResult.Ok);
        kit.Open(wire).Result.ShouldBe(SrtpResult.Replayed);
    }

    [Theory, MemberData(nameof(Suites))]
    public void Rtcp_OpenedTwice_IsReplayed(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        var wire = kit.SealRtcp(Packets.Rtcp());
        kit.OpenRtcp(wire).Result.ShouldBe(SrtpResult.Ok);
        kit.OpenRtcp(wire).Result.ShouldBe(SrtpResult.Replayed);
    }

    [Fact]
    public void Packets_OutOfOrder_OpenWithinTheWindowOnly()
    {
        using var kit = new SrtpKit(SrtpSuite.Cm128Sha80);
        var wire = Enumerable.Range(0, 300).Select(i => kit.Seal(Packets.Rtp(1000 + i))).ToArray();
        kit.Open(wire[0]).Result.ShouldBe(SrtpResult.Ok);
        kit.Open(wire[200]).Result.ShouldBe(SrtpResult.Ok);
        kit.Open(wire[200 - ReplayWindow.Length]).Result.ShouldBe(SrtpResult.Replayed);
        kit.Open(wire[201 - ReplayWindow.Length]).Result.ShouldBe(SrtpResult.Ok);
        kit.Open(wire[201 - ReplayWindow.Length]).Result.ShouldBe(SrtpResult.Replayed);
        kit.Open(wire[199]).Result.ShouldBe(SrtpResult.Ok);
    }

    // Each bit of header, payload and tag, forged: nothing of it counts, and the true one opens afterwards.
    [Theory, MemberData(nameof(Suites))]
    public void Packet_WithAnyBitChanged_IsForgedAndLeavesNoTrace(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        var packet = Packets.Rtp(65_535)[..40];
        var wire = kit.Seal(packet);
        kit.Open(kit.Seal(Packets.Rtp(65_530)[..40])).Result.ShouldBe(SrtpResult.Ok);
        for (var bit = 8; bit < wire.Length * 8; bit++)
        {
            var forged = wire.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            var (result, left) = kit.Open(forged);
            result.ShouldBeOneOf(SrtpResult.Forged, SrtpResult.Replayed);
            left.ShouldBe(forged, $"bit {bit}");
        }
        kit.Receiver.SourceCount.ShouldBe(1);
        var (good, opened) = kit.Open(wire);
        good.ShouldBe(SrtpResult.Ok);
        opened.ShouldBe(packet);
    }

    // A forged jump of the sequence would move the rollover counter if it were believed.
    [Fact]
    public void Packet_ForgedFarAhead_DoesNotMoveTheRolloverCounter()
    {
        using var kit = new SrtpKit(SrtpSuite.Cm128Sha32);
        kit.Open(kit.Seal(Packets.Rtp(40_000))).Result.ShouldBe(SrtpResult.Ok);
        var forged = Packets.Rtp(10).Concat(new byte[4]).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            forged[^1] = (byte)i;
            forged[^2] = (byte)(i >> 8);
            kit.Open(forged).Result.ShouldBe(SrtpResult.Forged);
        }
        kit.Open(kit.Seal(Packets.Rtp(40_001))).Result.ShouldBe(SrtpResult.Ok);
    }

    [Theory, MemberData(nameof(Suites))]
    public void Prefix_OfAPacket_NeverOpens(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        var wire = kit.Seal(Packets.Rtp(1));
        for (var length = 12; length < wire.Length; length++)
            kit.Open(wire[..length]).Result.ShouldBeOneOf(SrtpResult.Forged, SrtpResult.BadLength);
        var control = kit.SealRtcp(Packets.Rtcp());
        for (var length = 0; length < control.Length; length++)
            kit.OpenRtcp(control[..length]).Result.ShouldBeOneOf(SrtpResult.Forged, SrtpResult.BadLength);
        kit.Receiver.SourceCount.ShouldBe(0);
        kit.Receiver.HasHeard.ShouldBeFalse();
    }

    [Fact]
    public void Sources_OverTheBound_AreRefusedAndTheKnownGoOn()
    {
        using var kit = new SrtpKit(SrtpSuite.Aead128Gcm);
        for (var i = 0; i < SrtpSourceTable.CountMax; i++)
            kit.Open(kit.Seal(Packets.Rtp(5, ssrc: (uint)(100 + i)))).Result.ShouldBe(SrtpResult.Ok);
        kit.TrySeal(Packets.Rtp(5, ssrc: 99)).Result.ShouldBe(SrtpResult.TooManySources);
        kit.Open(Packets.Rtp(5, ssrc: 99)).Result.ShouldBe(SrtpResult.TooManySources);
        kit.Open(kit.Seal(Packets.Rtp(6, ssrc: 100))).Result.ShouldBe(SrtpResult.Ok);
    }

    // The rollover counter of each source is its own, and is kept while others speak.
    [Fact]
    public void Source_ThatComesBack_GoesOnWithItsRolloverCounter()
    {
        using var kit = new SrtpKit(SrtpSuite.Cm128Sha80);
        foreach (var sequence in new[] { 65_534, 65_535, 65_536, 65_537 })
            kit.Open(kit.Seal(Packets.Rtp(sequence, ssrc: 1))).Result.ShouldBe(SrtpResult.Ok);
        for (var i = 0; i < 50; i++) kit.Open(kit.Seal(Packets.Rtp(i, ssrc: 2))).Result.ShouldBe(SrtpResult.Ok);
        kit.Open(kit.Seal(Packets.Rtp(65_538, ssrc: 1))).Result.ShouldBe(SrtpResult.Ok);
    }

    [Fact]
    public void Sender_GivenASequenceAgain_SendsNothingUnderTheSameKeyStream()
    {
        using var kit = new SrtpKit(SrtpSuite.Aead256Gcm);
        kit.Seal(Packets.Rtp(500));
        var other = Packets.Rtp(500);
        other[50] ^= 0xff;
        var (result, untouched) = kit.TrySeal(other);
        result.ShouldBe(SrtpResult.Replayed);
        untouched.ShouldBe(other);
        kit.Seal(Packets.Rtp(501));
    }
}
