using CallTracker.Media.FastPath;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Into the kernel and out of it.</summary>
[Collection(NamespaceTests.Name)]
public sealed class FastPathMoveTests
{
    [Fact]
    public void Move_HoldAndResume_LeavesAndEntersWithOneRecord() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var local = lab.Local(session, MediaSide.A);
        a.Send(local, Packets.Rtp(2));
        lab.SetRemote(session, MediaSide.A, a.Endpoint, SdpDirection.SendOnly);
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Signalling)).ShouldBe((0, 1));
        lab.Enter();
        lab.Fast.Inside.ShouldBe(0, "a call on hold stays out");
        a.Send(local, Packets.Rtp(3));
        lab.PumpUntil(() => b.ReceiveSequences() is [.., 3]);
        lab.SetRemote(session, MediaSide.A, a.Endpoint);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
        a.Send(local, Packets.Rtp(5));
        b.ReceiveSequences().ShouldBe([5]);
        lab.Relay.Close(session, out var totals, out _);
        totals.ShouldSatisfyAllConditions(
            t => t.Packets.ShouldBe(4UL), t => t.Expected.ShouldBe(5UL), t => t.Lost.ShouldBe(1UL),
            t => t.Relayed.ShouldBe(4UL), t => t.RelayedBytes.ShouldBe(4UL * 172));
        (lab.Fast.Inside, lab.Fast.Entered, lab.Fast.Left(FastPathExit.Ended)).ShouldBe((0, 2, 1));
    });

    [Fact]
    public void Move_PeerMovedBySignalling_KernelSendsTheOldOneNothingMore() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        using var moved = lab.Phone(MediaSide.B, port: 6100);
        var session = lab.OpenInside(a, b);
        lab.SetRemote(session, MediaSide.B, moved.Endpoint);
        a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(2));
        lab.PumpUntil(() => moved.TryReceive(out _, out _));
        b.TryReceive(out _, out _).ShouldBeFalse();
        lab.Enter();
        lab.Fast.Inside.ShouldBe(0, "the new address was not heard yet");
        moved.Send(lab.Local(session, MediaSide.B), Packets.Rtp(1, ssrc: 5));
        lab.PumpUntil(() => a.TryReceive(out _, out _));
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
        b.Send(lab.Local(session, MediaSide.B), Packets.Rtp(2));
        moved.Send(lab.Local(session, MediaSide.B), Packets.Rtp(2, ssrc: 5));
        a.ReceiveSequences().ShouldBe([2], "the former address is a stranger");
    });

    [Theory]
    [InlineData(MediaNeeds.Recording)]
    [InlineData(MediaNeeds.Dtmf | MediaNeeds.Playback)]
    public void Move_WhileUserspaceNeedsPackets_StaysOut(MediaNeeds needs) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        lab.Relay.SetNeeds(session, needs, isNeeded: true);
        lab.Enter();
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Needed)).ShouldBe((0, 1));
        lab.Relay.SetNeeds(session, needs, isNeeded: false);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
    });

    [Fact]
    public void Move_WhileSomethingIsPlayedToEitherSide_StaysOut() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var request = new PlayRequest(Tones.Busy.Looped, new PlayFormat(PromptCodecs.Pcmu, 0), PlayUse.Prompt);
        foreach (var side in (MediaSide[])[MediaSide.A, MediaSide.B])
            lab.Relay.Player.Start(session, side, request, lab.NowMs).ShouldBeTrue();
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Needed)).ShouldBe((0, 1));
        lab.Relay.Player.Stop(session, MediaSide.A);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(0);
        lab.Relay.Player.Stop(session, MediaSide.B);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
    });

    [Theory]
    [InlineData(MediaSide.A)]
    [InlineData(MediaSide.B)]
    public void Move_WhileASideHasKeys_StaysOut(MediaSide side) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var (local, remote) = (SrtpKit.MasterOf(SrtpSuite.Aead128Gcm, 1), SrtpKit.MasterOf(SrtpSuite.Aead128Gcm, 2));
        lab.Relay.SetKeys(session, side, local, remote);
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Needed)).ShouldBe((0, 1));
        lab.Enter();
        lab.Fast.Inside.ShouldBe(0);
        // In the clear, from the right address: userspace must see it and refuse it.
        var peer = side == MediaSide.A ? a : b;
        peer.Send(lab.Local(session, side), Packets.Rtp(2));
        lab.PumpUntil(() => lab.Relay.Counters.Dropped(MediaDropReason.SrtpForged) == 1);
        lab.Relay.SetKeys(session, side, default, default);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1);
    });

    [Fact]
    public void Move_RenewedSideAndNextSession_StartOutside() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        b.Send(lab.Local(session, MediaSide.B), Packets.Rtp(2));
        lab.Relay.TryRenew(session, MediaSide.B, out var past).ShouldBeTrue();
        past.Packets.ShouldBe(2UL);
        lab.Enter();
        lab.Fast.Inside.ShouldBe(0);
        lab.Relay.Close(session, out var totals, out _);
        totals.Packets.ShouldBe(1UL);
        _ = lab.OpenInside(a, b);
        lab.Fast.Inside.ShouldBe(1);
    });

    [Fact]
    public void Move_SessionDisposedInside_KernelStopsAtOnce() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var local = lab.Local(session, MediaSide.A);
        lab.Relay.Close(session, out _, out _);
        a.Send(local, Packets.Rtp(2));
        b.TryReceive(out _, out _).ShouldBeFalse();
    });

    [Fact]
    public void Move_ManyTimesUnderTraffic_LosesNoPacket() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var toB = new Talker(a, lab.Local(session, MediaSide.A));
        var toA = new Talker(b, lab.Local(session, MediaSide.B));
        toB.Start(toA);
        toA.Start(toB);
        var moves = 0;
        while (toB.IsAlive || toA.IsAlive)
        {
            // Not faster: each move is two seconds of the lab's clock, so the relay has reports to send, and to the
            // ports that hear RTP (mux). At 30,000 moves a second they filled the phones' sockets.
            lab.Pump(waitMs: 1);
            lab.Relay.SetNeeds(session, MediaNeeds.Recording, isNeeded: true);
            // As long outside, so that both hands have packets of each side.
            lab.Pump(waitMs: 1);
            lab.Relay.SetNeeds(session, MediaNeeds.Recording, isNeeded: false);
            lab.Enter();
            moves++;
        }
        lab.PumpUntil(() => toB.HasHeardAll() & toA.HasHeardAll());
        moves.ShouldBeGreaterThan(20);
        lab.Fast.Entered.ShouldBeGreaterThan(10);
        foreach (var side in (MediaSide[])[MediaSide.A, MediaSide.B])
        {
            lab.Totals(session, side).ShouldSatisfyAllConditions(
                t => t.Packets.ShouldBe((ulong)Talker.Count + 1), t => t.Relayed.ShouldBe((ulong)Talker.Count + 1),
                t => t.Lost.ShouldBe(0UL), t => t.Duplicates.ShouldBe(0UL), t => t.Dropped.ShouldBe(0UL));
            lab.Fast.Packets(side).ShouldBeInRange(1, Talker.Count - 1);
        }
    });

    [Fact]
    public void Move_InAndOutAndReading_AllocatesNothing() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var before = lab.Fast.Entered;
        long least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                lab.Relay.TryReadTotals(session, MediaSide.A, out _);
                lab.Relay.SetNeeds(session, MediaNeeds.Dtmf, isNeeded: true);
                lab.Relay.SetNeeds(session, MediaNeeds.Dtmf, isNeeded: false);
                lab.Enter();
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - start);
        }
        least.ShouldBe(0);
        lab.Fast.Entered.ShouldBe(before + 500, "the work was done");
        var control = GC.GetAllocatedBytesForCurrentThread();
        _ = new byte[100];
        (GC.GetAllocatedBytesForCurrentThread() - control).ShouldBeGreaterThan(0);
    });
}
