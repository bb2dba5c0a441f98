using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Calls that go into the kernel and come out again, over real interfaces.</summary>
public sealed class FastPathCallTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Call_BothSidesHeard_KernelRelaysBothWays(int version) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A, version);
        using var b = lab.Phone(MediaSide.B, version);
        var session = lab.OpenInside(a, b);
        for (var i = 2; i <= 101; i++)
        {
            a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(i));
            b.Send(lab.Local(session, MediaSide.B), Packets.Rtp(i));
        }
        // Nobody pumps the relay: what arrives was relayed by the kernel, at once, from the port of the other leg.
        for (var i = 2; i <= 101; i++)
        {
            b.TryReceive(out var packet, out var source).ShouldBeTrue($"packet {i}");
            packet.ShouldBe(Packets.Rtp(i));
            source.ShouldBe(lab.Local(session, MediaSide.B));
        }
        a.ReceiveSequences().ShouldBe(Enumerable.Range(2, 100));
        lab.Totals(session, MediaSide.A).ShouldSatisfyAllConditions(
            t => t.Packets.ShouldBe(101UL), t => t.Relayed.ShouldBe(101UL), t => t.Bytes.ShouldBe(101UL * 172),
            t => t.Expected.ShouldBe(101UL), t => t.Lost.ShouldBe(0UL), t => t.Dropped.ShouldBe(0UL));
        lab.Fast.Packets(MediaSide.A).ShouldBe(100);
        lab.Relay.Counters.PacketsRelayed(MediaSide.B).ShouldBe(101);
    });
}
