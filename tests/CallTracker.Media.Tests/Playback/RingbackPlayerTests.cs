using System.Buffers.Binary;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>When the tone plays and what RTP it is, on real sockets and hand-driven time.</summary>
public sealed class RingbackPlayerTests
{
    private static readonly PromptCodec Pcmu = PromptCodecs.Pcmu;

    [Fact]
    public void Tone_WhenTheDestinationIsSilent_BeginsAfterTheDelayAndKeepsTime()
    {
        using var line = new Line();
        line.Ring(Pcmu);
        line.Pass(296).ShouldBeEmpty();
        var packets = line.Pass(1004);
        packets.Count.ShouldBe(51);
        packets.ShouldAllBe(p => p.Length == 172 && p[0] == 0x80);
        packets.Select(Marker).ShouldBe([true, .. Enumerable.Repeat(false, 50)]);
        packets.Select(Type).Distinct().ShouldBe([0]);
        packets.Select(Ssrc).Distinct().Count().ShouldBe(1);
        for (var i = 1; i < packets.Count; i++)
        {
            ((ushort)(Sequence(packets[i]) - Sequence(packets[i - 1]))).ShouldBe((ushort)1);
            (Timestamp(packets[i]) - Timestamp(packets[i - 1])).ShouldBe(160u);
            packets[i][12..].ShouldBe(Tones.Ringback.In(Pcmu)[i].ToArray());
        }
        line.Player.Started(PlayUse.Ringback).ShouldBe(1);
        line.Player.Packets(PlayUse.Ringback).ShouldBe(51);
    }

    [Fact]
    public void Tone_InALaw_HasItsTypeAndSound()
    {
        using var line = new Line();
        line.Ring(PromptCodecs.Pcma);
        var packet = line.Pass(320)[0];
        Type(packet).ShouldBe(8);
        packet[12..].ShouldBe(Tones.Ringback.In(PromptCodecs.Pcma)[0].ToArray());
    }

    [Fact]
    public void Rtp_OfTheDestinationWithinTheDelay_KeepsTheToneFromBeginning()
    {
        using var line = new Line();
        line.Ring(Pcmu);
        line.Pass(200).ShouldBeEmpty();
        line.SendFromShop(1);
        var received = line.Pass(1000);
        received.ShouldHaveSingleItem().ShouldBe(Packets.Rtp(1));
        line.Player.Started(PlayUse.Ringback).ShouldBe(0);
        line.Harness.Relay.NextDelayMs(line.Harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void Rtp_OfTheDestinationLater_EndsTheToneAtOnceAndPassesUntouched()
    {
        using var line = new Line();
        line.Ring(Pcmu);
        var tone = line.Pass(600);
        line.SendFromShop(9);
        var rest = line.Pass(400);
        rest.ShouldHaveSingleItem().ShouldBe(Packets.Rtp(9));
        Ssrc(tone[0]).ShouldNotBe(Ssrc(rest[0]));
    }

    [Fact]
    public void Destination_HeardBeforeItRang_IsNotPlayedOver()
    {
        using var line = new Line();
        line.SendFromShop(1);
        line.Ring(Pcmu, line.Harness.NowMs - 100).ShouldBeFalse();
        line.Pass(1000).Select(Ssrc).ShouldBe([0x1111_2222u]);
    }

    [Fact]
    public void NextDestination_OfAHunt_GetsAToneOfTheSameStream()
    {
        using var line = new Line();
        line.SendFromShop(1);
        line.Pass(100);
        line.Ring(Pcmu);
        var first = line.Pass(500);
        line.Player.Stop(line.Session, MediaSide.A);
        line.Pass(400).ShouldBeEmpty();
        line.Ring(Pcmu);
        var second = line.Pass(500);
        Ssrc(second[0]).ShouldBe(Ssrc(first[0]));
        ((ushort)(Sequence(second[0]) - Sequence(first[^1]))).ShouldBe((ushort)1);
        Marker(second[0]).ShouldBeTrue();
        // The clock of the stream went on: 160 samples for each 20 ms between the two packets, give or take a step.
        ((double)(Timestamp(second[0]) - Timestamp(first[^1]))).ShouldBe(700 * 8, 160);
        second[0][12..].ShouldBe(Tones.Ringback.In(Pcmu)[0].ToArray());
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("stop")]
    [InlineData("close")]
    public void Tone_WhenTheCallGoesOn_Ends(string how)
    {
        using var line = new Line();
        line.Ring(Pcmu);
        line.Pass(500).ShouldNotBeEmpty();
        if (how == "answer") line.Harness.Relay.MarkAnswered(line.Session, line.Harness.NowMs);
        if (how == "stop") line.Player.Stop(line.Session, MediaSide.A);
        if (how == "close") line.Harness.Relay.Close(line.Session, out _, out _);
        line.Pass(500).ShouldBeEmpty();
        line.Harness.Relay.NextDelayMs(line.Harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void AnsweredCall_ToldToRing_StaysSilent()
    {
        using var line = new Line();
        line.Harness.Relay.MarkAnswered(line.Session, line.Harness.NowMs);
        line.Ring(Pcmu, line.Harness.NowMs).ShouldBeFalse();
        line.Pass(1000).ShouldBeEmpty();
    }

    [Fact]
    public void NextSession_InTheSlot_HasAStreamOfItsOwn()
    {
        using var line = new Line();
        line.Ring(Pcmu);
        var first = line.Pass(400);
        line.Harness.Relay.Close(line.Session, out _, out _);
        line.Reopen();
        line.Pass(400).ShouldBeEmpty();
        line.Ring(Pcmu);
        Ssrc(line.Pass(400)[0]).ShouldNotBe(Ssrc(first[0]));
    }

    [Theory]
    [InlineData(SdpDirection.SendOnly)]
    [InlineData(SdpDirection.Inactive)]
    public void Caller_ThatDoesNotListen_IsPlayedNothing(SdpDirection direction)
    {
        using var line = new Line();
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint, direction: direction);
        line.Ring(Pcmu);
        line.Pass(1000).ShouldBeEmpty();
    }

    [Fact]
    public void Worker_AwayForASecond_SkipsWhatItMissed()
    {
        using var line = new Line();
        line.Ring(Pcmu);
        var before = line.Pass(400);
        line.Harness.NowMs += 1000;
        var late = line.Pass(4);
        late.Count.ShouldBeInRange(5, 7);
        (Timestamp(late[^1]) - Timestamp(before[^1])).ShouldBeInRange(8000u - 320, 8000u + 320);
    }

    private static bool Marker(byte[] packet) => (packet[1] & 0x80) != 0;

    private static int Type(byte[] packet) => packet[1] & 0x7f;

    private static ushort Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint Timestamp(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static uint Ssrc(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
}
