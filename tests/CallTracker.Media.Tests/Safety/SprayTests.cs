using CallTracker.Media.Relay;
using CallTracker.Media.Tests.FastPath;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Safety;

/// <summary>
/// The method of the published spray tool (RTP bleed and inject, CVE-2025-53399), made worse: attackers elsewhere, at
/// the phones' own addresses and at those of their signalling send streams and single packets of every kind to all
/// ports of a call, before, during and after its learning window. The call is the same as without them.
/// </summary>
[Collection(NamespaceTests.Name)]
public sealed class SprayTests
{
    private const int Elsewhere = 8;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void DirectCall_SprayedFromEverywhere_IsAsWithoutTheAttack(bool isSecure, bool isMuxed) =>
        Check(new SprayCallKind(IsIpv6: false, isMuxed, isSecure, IsBehindNat: false));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void DirectCallOverIpv6_SprayedFromEverywhere_IsAsWithoutTheAttack(bool isSecure, bool isMuxed) =>
        SprayNet.Run(
            Elsewhere, () => Check(new SprayCallKind(IsIpv6: true, isMuxed, isSecure, IsBehindNat: false)));

    // Its own address is the NAT's, where others may live: see SourceLatchTests for what holds against those.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void CallBehindNat_SprayedFromElsewhere_IsAsWithoutTheAttack(bool isSecure, bool isMuxed) =>
        SprayNet.Run(
            Elsewhere, () => Check(new SprayCallKind(IsIpv6: false, isMuxed, isSecure, IsBehindNat: true)));

    // As many sources as there are packets, from before the answer on; a thousand for each packet of the call.
    [Fact]
    public void Call_FloodedFromThousandsOfSources_LosesNothing()
    {
        const int SourceCount = 20_000;
        const int SourcesPerPacket = 1000;
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.62.1"), b = new("127.99.62.2");
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        for (var i = 0; i < SourceCount; i++)
        {
            using (var stranger = new MediaPeer($"127.{100 + (i / 62_500)}.{i / 250 % 250}.{(i % 250) + 1}"))
            {
                stranger.Send(harness.Local(session, MediaSide.A, i & 1), SprayPackets.OfStream(i, 0));
                stranger.Send(harness.Local(session, MediaSide.B, i & 1), SprayPackets.Make(i % 10, i, 7));
                stranger.TryReceive(out _, out _).ShouldBeFalse();
            }
            harness.Pump();
            if (i % SourcesPerPacket != 0) continue;
            harness.NowMs += 20;
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i / SourcesPerPacket));
            harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(i / SourcesPerPacket));
        }
        a.TryReceive(out _, out _).ShouldBeFalse();
        b.TryReceive(out _, out _).ShouldBeFalse();
        harness.Totals(session, MediaSide.A).Lost.ShouldBe(0UL);
        harness.Totals(session, MediaSide.A).Packets.ShouldBe((ulong)(SourceCount / SourcesPerPacket));
        harness.Totals(session, MediaSide.B).Packets.ShouldBe(0UL);
    }

    private static void Check(SprayCallKind kind)
    {
        using var calm = new SprayCall(kind, sprayer: null);
        calm.Run();
        // What it measured stays; its ports are for the next.
        calm.Dispose();
        calm.Heard[1].Count.ShouldBeGreaterThan(200);
        using var sprayer = new Sprayer();
        for (var i = 0; i < Elsewhere; i++) sprayer.Add(SprayNet.Elsewhere(kind.IsIpv6, i));
        for (var side = 0; side < 2 && !kind.IsBehindNat; side++)
        {
            sprayer.Add(SprayNet.Phone(kind.IsIpv6, side), isQuiet: true);
            sprayer.Add(SprayNet.Signalling(kind.IsIpv6, side));
        }
        // And one that sends to the RTCP ports from there.
        if (!kind.IsBehindNat) sprayer.Add(SprayNet.Phone(kind.IsIpv6, 0));
        using var attacked = new SprayCall(kind, sprayer);
        attacked.Run();
        sprayer.Sent.ShouldBeGreaterThan(15_000);
        sprayer.ShouldHaveReceivedNothing();
        for (var i = 0; i < calm.Heard.Length; i++) SameHeard(attacked.Heard[i], calm.Heard[i], i);
        SameTotals(attacked, calm, MediaSide.A);
        SameTotals(attacked, calm, MediaSide.B);
        attacked.Dropped(MediaDropReason.UnknownSource).ShouldBeGreaterThan(100);
    }

    private static void SameHeard(List<byte[]> attacked, List<byte[]> calm, int phone)
    {
        attacked.Count.ShouldBe(calm.Count, $"datagrams at phone {phone}");
        for (var i = 0; i < calm.Count; i++)
            attacked[i].AsSpan().SequenceEqual(calm[i]).ShouldBeTrue($"datagram {i} at phone {phone}");
    }

    // The ports of the phones differ from run to run, and what was dropped is the attack itself.
    private static void SameTotals(SprayCall attacked, SprayCall calm, MediaSide side)
    {
        attacked.Spoken(side).ShouldBe(calm.Spoken(side));
        attacked.Totals(side).Dropped.ShouldBeGreaterThan(0UL);
        (attacked.Totals(side) with { Dropped = 0, Peer = default })
            .ShouldBe(calm.Totals(side) with { Dropped = 0, Peer = default });
    }
}
