using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;
using CallTracker.TestKit;

namespace CallTracker.Core.Tests.Net;

/// <summary>A paused socket keeps what comes, and nobody else is concerned.</summary>
public sealed class DatagramRingPauseTests
{
    [Fact]
    public void Pause_OfASocket_LeavesWhatComesInItUntilItIsResumed()
    {
        using var rig = new RingRig(sockets: 2);
        using var peer = new Loopback();
        rig.Take(0);
        rig.Ring.TryPause(0).ShouldBeTrue();
        rig.Take(0);
        for (var i = 0; i < 3; i++) peer.Send(rig.Endpoint(0), [(byte)('a' + i)]);
        peer.Send(rig.Endpoint(1), "other"u8);
        rig.Take(1);
        rig.Told.ShouldBe([$"1 {peer.Endpoint} other"]);
        rig.Take(0);
        rig.Ring.Resume(0);
        rig.Take(3);
        rig.Told.Skip(1).ShouldBe([$"0 {peer.Endpoint} a", $"0 {peer.Endpoint} b", $"0 {peer.Endpoint} c"]);
        rig.Ring.Pauses.ShouldBe(1);
    }

    [Fact]
    public void Pause_ResumedBeforeItsReceiveIsOver_LosesNothing()
    {
        using var rig = new RingRig(sockets: 1);
        using var peer = new Loopback();
        rig.Take(0);
        for (var round = 0; round < 5; round++)
        {
            rig.Ring.TryPause(0).ShouldBeTrue();
            rig.Ring.Resume(0);
            peer.Send(rig.Endpoint(0), "x"u8);
            rig.Take(1);
        }
    }

    [Fact]
    public void Pause_WhereTheReceiveEndedForWantOfBuffers_HoldsAllTheSame()
    {
        const int count = 24 * 60;
        using var rig = new RingRig(sockets: 24);
        using var peer = new Loopback();
        for (var i = 0; i < count; i++) peer.Send(rig.Endpoint(i % 24), [(byte)(i / 24)]);
        while (rig.Ring.Shortages == 0) rig.TakeWithoutEnd();
        for (var i = 0; i < 24; i++) rig.Ring.TryPause(i).ShouldBeTrue();
        rig.EndBatch();
        for (var turn = 0; turn < 3; turn++) Turn(rig);
        var held = rig.Received.Count;
        held.ShouldBeLessThan(count);
        for (var turn = 0; turn < 3; turn++) Turn(rig);
        rig.Received.Count.ShouldBe(held, "all are paused");
        for (var i = 0; i < 24; i++) rig.Ring.Resume(i);
        rig.Take(count - held);
        for (var i = 0; i < 24; i++)
            rig.Received.Where(r => r.Number == i).Select(r => (int)r.First).ShouldBe(Enumerable.Range(0, 60));
    }

    [Fact]
    public void Pause_OfOnePausedOrOfTooMany_IsRefused()
    {
        using var rig = new RingRig(sockets: DatagramRing.PausesMax + 1);
        rig.Take(0);
        for (var i = 0; i < DatagramRing.PausesMax; i++) rig.Ring.TryPause(i).ShouldBeTrue();
        rig.Ring.TryPause(0).ShouldBeFalse();
        rig.Ring.TryPause(DatagramRing.PausesMax).ShouldBeFalse();
        rig.Ring.Resume(0);
        rig.Ring.Resume(0);
        rig.Ring.TryPause(DatagramRing.PausesMax).ShouldBeTrue();
        rig.Ring.TryPause(0).ShouldBeFalse("one pause ended, not two");
    }

    [Fact]
    public void Stop_WithAPausedSocket_LeavesTheRestInIt()
    {
        using var rig = new RingRig(sockets: 1);
        using var peer = new Loopback();
        rig.Take(0);
        rig.Ring.TryPause(0).ShouldBeTrue();
        rig.Take(0);
        peer.Send(rig.Endpoint(0), "late"u8);
        rig.Ring.Stop();
        UdpSocket.Receive(rig.Socket(0), new byte[16]).ShouldBe(4);
    }

    private static void Turn(RingRig rig)
    {
        rig.TakeWithoutEnd();
        rig.EndBatch();
    }
}
