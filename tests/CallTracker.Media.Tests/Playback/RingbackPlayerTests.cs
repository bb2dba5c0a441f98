using System.Buffers.Binary;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>When the tone plays and what RTP it is, on real sockets and hand-driven time.</summary>
public sealed class RingbackPlayerTests
{
    private const byte Pcmu = RingbackTone.PcmuType;

    [Fact]
    public void Tone_WhenTheDestinationIsSilent_BeginsAfterTheDelayAndKeepsTime()
    {
        using var line = new Line();
        line.Start(Pcmu);
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
            packets[i][12..].ShouldBe(RingbackTone.Frame(Pcmu, i).ToArray());
        }
        line.Harness.Relay.RingbacksStarted.ShouldBe(1);
        line.Harness.Relay.RingbackPackets.ShouldBe(51);
    }

    [Fact]
    public void Tone_InALaw_HasItsTypeAndSound()
    {
        using var line = new Line();
        line.Start(RingbackTone.PcmaType);
        var packet = line.Pass(320)[0];
        Type(packet).ShouldBe(8);
        packet[12..].ShouldBe(RingbackTone.Frame(RingbackTone.PcmaType, 0).ToArray());
    }

    [Fact]
    public void Rtp_OfTheDestinationWithinTheDelay_KeepsTheToneFromBeginning()
    {
        using var line = new Line();
        line.Start(Pcmu);
        line.Pass(200).ShouldBeEmpty();
        line.SendFromShop(1);
        var received = line.Pass(1000);
        received.ShouldHaveSingleItem().ShouldBe(Packets.Rtp(1));
        line.Harness.Relay.RingbacksStarted.ShouldBe(0);
        line.Harness.Relay.NextDelayMs(line.Harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void Rtp_OfTheDestinationLater_EndsTheToneAtOnceAndPassesUntouched()
    {
        using var line = new Line();
        line.Start(Pcmu);
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
        line.Harness.Relay.StartRingback(line.Session, Pcmu, line.Harness.NowMs - 100, 300, line.Harness.NowMs);
        line.Pass(1000).Select(Ssrc).ShouldBe([0x1111_2222u]);
    }

    [Fact]
    public void NextDestination_OfAHunt_GetsAToneOfTheSameStream()
    {
        using var line = new Line();
        line.SendFromShop(1);
        line.Pass(100);
        line.Start(Pcmu);
        var first = line.Pass(500);
        line.Harness.Relay.StopRingback(line.Session);
        line.Pass(400).ShouldBeEmpty();
        line.Start(Pcmu);
        var second = line.Pass(500);
        Ssrc(second[0]).ShouldBe(Ssrc(first[0]));
        ((ushort)(Sequence(second[0]) - Sequence(first[^1]))).ShouldBe((ushort)1);
        Marker(second[0]).ShouldBeTrue();
        // The clock of the stream went on: 160 samples for each 20 ms between the two packets, give or take a step.
        ((double)(Timestamp(second[0]) - Timestamp(first[^1]))).ShouldBe(700 * 8, 160);
        second[0][12..].ShouldBe(RingbackTone.Frame(Pcmu, 0).ToArray());
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("stop")]
    [InlineData("close")]
    public void Tone_WhenTheCallGoesOn_Ends(string how)
    {
        using var line = new Line();
        line.Start(Pcmu);
        line.Pass(500).ShouldNotBeEmpty();
        if (how == "answer") line.Harness.Relay.MarkAnswered(line.Session, line.Harness.NowMs);
        if (how == "stop") line.Harness.Relay.StopRingback(line.Session);
        if (how == "close") line.Harness.Relay.Close(line.Session, out _, out _);
        line.Pass(500).ShouldBeEmpty();
        line.Harness.Relay.NextDelayMs(line.Harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void AnsweredCall_ToldToRing_StaysSilent()
    {
        using var line = new Line();
        line.Harness.Relay.MarkAnswered(line.Session, line.Harness.NowMs);
        line.Start(Pcmu);
        line.Pass(1000).ShouldBeEmpty();
    }

    [Fact]
    public void NextSession_InTheSlot_HasAStreamOfItsOwn()
    {
        using var line = new Line();
        line.Start(Pcmu);
        var first = line.Pass(400);
        line.Harness.Relay.Close(line.Session, out _, out _);
        line.Reopen();
        line.Pass(400).ShouldBeEmpty();
        line.Start(Pcmu);
        Ssrc(line.Pass(400)[0]).ShouldNotBe(Ssrc(first[0]));
    }

    [Theory]
    [InlineData(SdpDirection.SendOnly)]
    [InlineData(SdpDirection.Inactive)]
    public void Caller_ThatDoesNotListen_IsPlayedNothing(SdpDirection direction)
    {
        using var line = new Line();
        line.Harness.SetRemote(line.Session, MediaSide.A, line.Caller.Endpoint, direction: direction);
        line.Start(Pcmu);
        line.Pass(1000).ShouldBeEmpty();
    }

    [Fact]
    public void Worker_AwayForASecond_SkipsWhatItMissed()
    {
        using var line = new Line();
        line.Start(Pcmu);
        var before = line.Pass(400);
        line.Harness.NowMs += 1000;
        var late = line.Pass(4);
        late.Count.ShouldBeInRange(5, 7);
        (Timestamp(late[^1]) - Timestamp(before[^1])).ShouldBeInRange(8000u - 320, 8000u + 320);
    }

    [Fact]
    public void Tones_OfManySessions_EndEachForItself()
    {
        using var harness = new RelayHarness(pairs: 16);
        using var caller = new MediaPeer(harness.Address, 9000);
        var sessions = Enumerable.Range(0, 8).Select(_ => harness.Open()).ToArray();
        foreach (var session in sessions)
        {
            harness.SetRemote(session, MediaSide.A, caller.Endpoint);
            harness.Relay.StartRingback(session, Pcmu, harness.NowMs, 0, harness.NowMs);
        }
        harness.Step(20);
        Drain(caller).Count.ShouldBe(8 * 2);
        foreach (var at in (int[])[3, 0, 7, 5]) harness.Relay.StopRingback(sessions[at]);
        harness.Step(20);
        Drain(caller).Select(Ssrc).Distinct().Count().ShouldBe(4);
        foreach (var session in sessions) harness.Relay.Close(session, out _, out _);
        harness.Step(40);
        Drain(caller).ShouldBeEmpty();
    }

    internal static List<byte[]> Drain(MediaPeer peer)
    {
        var packets = new List<byte[]>();
        while (peer.TryReceive(out var packet, out _)) packets.Add(packet);
        return packets;
    }

    private static bool Marker(byte[] packet) => (packet[1] & 0x80) != 0;

    private static int Type(byte[] packet) => packet[1] & 0x7f;

    private static ushort Sequence(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));

    private static uint Timestamp(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    private static uint Ssrc(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
}
