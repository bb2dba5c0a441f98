using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;
using CallTracker.TestKit;

namespace CallTracker.Core.Tests.Net;

/// <summary>
/// What the workers rely on where the ring polls SIP and the mailbox: nothing that waits is forgotten.
/// </summary>
public sealed class DatagramRingPollTests : IDisposable
{
    private readonly RingRig _rig = new(sockets: 2);
    private readonly EventFd _wake = new();
    private readonly EpollEvent[] _events = new EpollEvent[8];

    [Fact]
    public void Poll_InputThatIsLeft_IsToldInEachTurnAndNoEpollIsAsked()
    {
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        for (var round = 0; round < 3; round++)
        {
            Turn().ShouldBeEmpty();
            _wake.Signal();
            for (var turn = 0; turn < 3; turn++) Turn().ShouldBe([7]);
            _wake.Clear();
            Turn().ShouldBeEmpty("it was read meanwhile");
            _rig.Ring.IsEpollReady.ShouldBeFalse();
        }
    }

    [Fact]
    public void Poll_ReadyBeforeTheFirstWait_IsToldByIt()
    {
        _wake.Signal();
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        Turn().ShouldBe([7]);
    }

    [Fact]
    public void Poll_NotAskedForInATurn_IsToldInALaterOne()
    {
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        _wake.Signal();
        for (var turn = 0; turn < 3; turn++) _rig.Take(0);
        _rig.Ring.TakeReady(_events).ShouldBe(1);
        Turn().ShouldBe([7]);
    }

    [Fact]
    public void Poll_BesideDatagramsAndTheEpoll_AllAreToldInOneTurn()
    {
        using EventFd other = new(), third = new();
        using var peer = new Loopback();
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        _rig.Ring.TryPoll(other.Descriptor, 8).ShouldBeTrue();
        _rig.Epoll.Add(third.Descriptor, 9).ShouldBe(0);
        Turn().ShouldBeEmpty();
        foreach (var one in new[] { _wake, other, third }) one.Signal();
        peer.Send(_rig.Endpoint(1), "audio"u8);
        Turn().ShouldBe([7, 8, 9]);
        _rig.Told.ShouldBe([$"1 {peer.Endpoint} audio"]);
    }

    [Fact]
    public void Poll_MoreThanThereIsRoomFor_AreToldInFurtherTurns()
    {
        using EventFd other = new(), third = new();
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        _rig.Ring.TryPoll(other.Descriptor, 8).ShouldBeTrue();
        _rig.Epoll.Add(third.Descriptor, 9).ShouldBe(0);
        foreach (var one in new[] { _wake, other, third }) one.Signal();
        _rig.Take(0);
        foreach (var expected in new ulong[] { 7, 8, 9 })
        {
            _rig.Ring.TakeReady(_events.AsSpan(0, 1)).ShouldBe(1);
            _events[0].Data.ShouldBe(expected);
        }
    }

    [Fact]
    public void Poll_OfASocketThatMetARefusal_TellsTheError()
    {
        using var sender = new Loopback();
        UdpErrorQueue.Enable(sender.Socket, isIpv4: true);
        _rig.Ring.TryPoll(sender.Socket, 7).ShouldBeTrue();
        var gone = new Loopback();
        var closed = gone.Endpoint;
        gone.Dispose();
        sender.Send(closed, "x"u8);
        Turn().ShouldBe([7]);
        (_events[0].Events & EpollEvent.Error).ShouldNotBe(0u);
        UdpErrorQueue.TryTake(sender.Socket, out var remote, out var isUnreachable).ShouldBeTrue();
        (remote, isUnreachable).ShouldBe((closed, true));
        Turn().ShouldBeEmpty();
    }

    [Fact]
    public void Poll_MoreThanThereCanBe_IsLeftToTheEpoll()
    {
        for (var i = 0; i < 4; i++) _rig.Ring.TryPoll(_wake.Descriptor, (ulong)i).ShouldBeTrue();
        _rig.Ring.TryPoll(_wake.Descriptor, 4).ShouldBeFalse();
        _wake.Signal();
        Turn().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Poll_AfterTheRingsStop_TellsNothing()
    {
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        Turn().ShouldBeEmpty();
        _rig.Ring.Stop();
        _wake.Signal();
        _rig.Ring.TakeReady(_events).ShouldBe(0);
    }

    [Fact]
    public void Poll_ToldAndGivenAgain_AllocatesNothing()
    {
        _rig.Ring.TryPoll(_wake.Descriptor, 7).ShouldBeTrue();
        var told = 0;
        AllocationProbe.Bytes(300, () =>
        {
            _wake.Signal();
            _rig.Ring.Wait(1_000_000);
            while (_rig.Ring.TryTake(out _))
            {
                // Nothing comes but the poll.
            }
            told += _rig.Ring.TakeReady(_events);
            _wake.Clear();
        }).ShouldBe(0);
        told.ShouldBeGreaterThanOrEqualTo(300);
    }

    public void Dispose()
    {
        _rig.Dispose();
        _wake.Dispose();
    }

    private ulong[] Turn()
    {
        _rig.TakeWithoutEnd();
        _rig.EndBatch();
        var count = _rig.Ring.TakeReady(_events);
        return [.. _events.Take(count).Select(e => e.Data)];
    }
}
