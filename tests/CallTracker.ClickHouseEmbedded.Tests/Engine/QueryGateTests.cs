using CallTracker.ClickHouseEmbedded.Engine;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Engine;

/// <summary>How many may run, how many may wait, and who is refused. No engine.</summary>
public sealed class QueryGateTests
{
    [Fact]
    public async Task Gate_Full_RefusesBeyondTheWaiting()
    {
        using var gate = new QueryGate(runningMax: 1, waitingMax: 1, waitMsMax: 60_000);
        (await gate.TryEnterAsync(CancellationToken.None)).ShouldBeTrue();
        var waiting = gate.TryEnterAsync(CancellationToken.None);

        (await gate.TryEnterAsync(CancellationToken.None)).ShouldBeFalse();

        waiting.IsCompleted.ShouldBeFalse();
        gate.Leave();
        (await waiting).ShouldBeTrue();
        gate.Running.ShouldBe(1);
    }

    [Fact]
    public async Task Gate_NobodyLeaves_RefusesTheWaitingInTime()
    {
        using var gate = new QueryGate(runningMax: 1, waitingMax: 1, waitMsMax: 20);
        (await gate.TryEnterAsync(CancellationToken.None)).ShouldBeTrue();

        (await gate.TryEnterAsync(CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Gate_WaiterGivesUp_FreesItsPlace()
    {
        using var gate = new QueryGate(runningMax: 1, waitingMax: 1, waitMsMax: 60_000);
        (await gate.TryEnterAsync(CancellationToken.None)).ShouldBeTrue();
        using var gone = new CancellationTokenSource();
        var waiting = gate.TryEnterAsync(gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        var next = gate.TryEnterAsync(CancellationToken.None);

        next.IsCompleted.ShouldBeFalse();
        gate.Leave();
        (await next).ShouldBeTrue();
    }
}
