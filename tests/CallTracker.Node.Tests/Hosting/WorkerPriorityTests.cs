using CallTracker.Core.Linux;
using CallTracker.Node.Hosting;
using CallTracker.Node.Options;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Hosting;

/// <summary>
/// Which threads go before others, and what the log says of it. Each on a thread of its own, which ends.
/// </summary>
public sealed class WorkerPriorityTests
{
    private readonly LineLog _log = new();

    [Fact]
    public void Apply_NotAskedFor_LeavesTheThreadAsItIsAndSaysNothing()
    {
        Run(new WorkerPriority(Options(null), _log)).ShouldBe((false, false));
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Apply_AskedFor_GivesItToEachWorkerOrSaysWhyNotOnce()
    {
        var priority = new WorkerPriority(Options("realtime"), _log);
        var first = Run(priority);
        Run(priority).ShouldBe(first);
        first.Child.ShouldBeFalse("threads that a worker makes have the usual priority");
        _log.Lines.ShouldHaveSingleItem().ShouldContain(
            first.Worker ? "The workers run at real-time priority." : "CALLTRACKER_PRIORITY is realtime, but");
        first.Worker.ShouldBe(MayBeRealTime());
    }

    private static bool MayBeRealTime()
    {
        var may = false;
        var thread = new Thread(() => may = RealTime.Enter() == 0);
        thread.Start();
        thread.Join();
        return may;
    }

    private static (bool Worker, bool Child) Run(WorkerPriority priority)
    {
        var (worker, child) = (false, false);
        var thread = new Thread(() =>
        {
            priority.Apply();
            worker = RealTime.IsEntered;
            var made = new Thread(() => child = RealTime.IsEntered);
            made.Start();
            made.Join();
        });
        thread.Start();
        thread.Join();
        return (worker, child);
    }

    private static NodeOptions Options(string? value) =>
        NodeOptions.From(new EnvironmentReader(name => name == "CALLTRACKER_PRIORITY" ? value : null));
}
