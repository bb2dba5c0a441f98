using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>Sealing and opening allocate nothing; the meter is proved in <c>RelayAllocationTests</c>.</summary>
public sealed class SrtpAllocationTests
{
    private const int Rounds = 300;

    public static TheoryData<SrtpSuite> Suites => SrtpKit.Suites;

    [Theory, MemberData(nameof(Suites))]
    public void Packets_SealedOpenedAndForged_AllocateNothing(SrtpSuite suite)
    {
        using var kit = new SrtpKit(suite);
        var packet = Packets.Rtp(1);
        var report = Packets.Rtcp();
        var buffer = new byte[256];
        ushort sequence = 0;
        var before = 0L;
        for (var round = 0; round < Rounds * 2; round++)
        {
            if (round == Rounds) before = GC.GetAllocatedBytesForCurrentThread();
            packet.CopyTo(buffer, 0);
            buffer[2] = (byte)(++sequence >> 8);
            buffer[3] = (byte)sequence;
            var length = packet.Length;
            kit.Sender.SealRtp(buffer, 12, sequence, 7, ref length);
            buffer[length - 1] ^= 1;
            var forged = kit.Receiver.OpenRtp(buffer.AsSpan(0, length), 12, sequence, 7, out _);
            buffer[length - 1] ^= 1;
            var opened = kit.Receiver.OpenRtp(buffer.AsSpan(0, length), 12, sequence, 7, out _);
            report.CopyTo(buffer, 0);
            length = report.Length;
            kit.Sender.SealRtcp(buffer, ref length);
            var control = kit.Receiver.OpenRtcp(buffer.AsSpan(0, length), out _);
            if (forged != SrtpResult.Forged || opened != SrtpResult.Ok || control != SrtpResult.Ok)
                throw new InvalidOperationException($"{forged} {opened} {control}");
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Keys_TakenIntoUseAndGivenUp_AllocateNothingAfterWarmUp()
    {
        using var pool = new SrtpPool();
        var before = 0L;
        for (var round = 0; round < Rounds * 2; round++)
        {
            if (round == Rounds) before = GC.GetAllocatedBytesForCurrentThread();
            var local = SrtpLocal.Make();
            var suite = (SrtpSuite)((round % SrtpSuites.Count) + 1);
            var side = pool.RentSide();
            side.SetKeys(pool, local.KeyOf(suite), SrtpLocal.Make().KeyOf(suite));
            side.SetKeys(pool, local.KeyOf(suite), SrtpLocal.Make().KeyOf(suite));
            pool.Return(side);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
