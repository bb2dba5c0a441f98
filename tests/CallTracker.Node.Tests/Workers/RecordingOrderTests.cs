using System.Globalization;
using CallTracker.Calls.Recording;
using CallTracker.Media.Recording;
using CallTracker.Node.Workers;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Orders for running recordings, on their way from any thread to the worker of the call.</summary>
[Collection(nameof(TwoWorkers))]
public sealed class RecordingOrderTests
{
    // The workers' own start is 1.
    private const uint Start = 1;

    [Theory]
    [InlineData(1u, 0)]
    [InlineData(1u, 1)]
    public async Task Order_ForAnIdOfThisStart_IsAnsweredByItsWorker(uint start, int worker)
    {
        using var node = Node();
        (await GiveAsync(node, Id(start, worker)))!.Value.Kind.ShouldBe(RecordingReplyKind.Absent);
    }

    [Theory]
    [InlineData(2u, 0)]
    [InlineData(1u, 2)]
    [InlineData(1u, 255)]
    public async Task Order_ForAnIdOfAnotherStartOrWorker_IsNotAnswered(uint start, int worker)
    {
        using var node = Node();
        (await GiveAsync(node, Id(start, worker))).ShouldBeNull();
        (await GiveAsync(node, "short")).ShouldBeNull();
        (await GiveAsync(node, new string('x', 24))).ShouldBeNull();
    }

    [Fact]
    public async Task Order_ThatNobodyTakesInTime_IsBusy()
    {
        using var node = Node();
        // What is posted now stays in the mailbox.
        node.StopLoops();
        (await GiveAsync(node, Id(Start, 0)))!.Value.Kind.ShouldBe(RecordingReplyKind.Busy);
    }

    private static Task<RecordingReply?> GiveAsync(TwoWorkers node, string trnId) =>
        RecordingOrder.GiveAsync(node.All, Start, trnId, Wish(), TestContext.Current.CancellationToken);

    private static RecordingWish Wish() =>
        new(RecordingEntryKind.Pause, _ => throw new InvalidOperationException("No call is up."));

    private static string Id(uint start, int worker) =>
        string.Create(CultureInfo.InvariantCulture, $"65920080{start:x8}{worker:x2}00002A");

    private static TwoWorkers Node() => new(TwoWorkers.At(1), TwoWorkers.At(2));
}
