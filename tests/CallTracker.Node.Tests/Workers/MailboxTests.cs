using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Node.Workers;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>The bounded way into a worker.</summary>
public sealed class MailboxTests
{
    [Fact]
    public void Mailbox_Full_RefusesAndCounts()
    {
        using var mailbox = new Mailbox();
        for (var i = 0; i < Mailbox.Capacity; i++) mailbox.TryPost(new(WorkerMessageKind.Drain)).ShouldBeTrue();
        mailbox.TryPost(new(WorkerMessageKind.Drain)).ShouldBeFalse();
        mailbox.Refused.ShouldBe(1);
        mailbox.TryRead(out _).ShouldBeTrue();
        mailbox.TryPost(new(WorkerMessageKind.Stop)).ShouldBeTrue();
    }

    [Fact]
    public void Mailbox_Posted_WakesEpollUntilCleared()
    {
        using var mailbox = new Mailbox();
        using var epoll = new Epoll();
        epoll.Add(mailbox.Descriptor, 9).ShouldBe(0);
        var events = new EpollEvent[4];
        epoll.Wait(events, 0).ShouldBe(0);
        mailbox.TryPost(new(WorkerMessageKind.Drain));
        epoll.Wait(events, 1000).ShouldBe(1);
        events[0].Data.ShouldBe(9ul);
        mailbox.ClearSignal();
        epoll.Wait(events, 0).ShouldBe(0);
        mailbox.TryRead(out var message).ShouldBeTrue();
        message.Kind.ShouldBe(WorkerMessageKind.Drain);
    }
}
