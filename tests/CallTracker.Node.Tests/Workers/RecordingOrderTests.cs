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

    [Fact]
    public async Task Order_ByTheIdOfItsCall_FindsTheStartAndTheWorkerOrNobody()
    {
        using var node = new TwoWorkers(TwoWorkers.At(1), TwoWorkers.At(2));
        foreach (var worker in new[] { 0, 1 })
            (await GiveAsync(node, Id(Start, worker)))!.Value.Kind.ShouldBe(RecordingReplyKind.Absent);
        string[] others = [Id(Start + 1, 0), Id(Start, 2), Id(Start, 255), "short", new string('x', 24)];
        foreach (var trnId in others) (await GiveAsync(node, trnId)).ShouldBeNull(trnId);
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
}
