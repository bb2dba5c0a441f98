using System.Globalization;
using CallTracker.Contracts.Calls;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Judgement;

/// <summary>
/// Random histories that arrive in random order and batches, some rows twice, end in the verdicts that a plain loop
/// over the whole history gives; the ledger sums up to them. The seed is in the test's name.
/// </summary>
public sealed class OrderIndependenceTests(Stack stack)
{
    private const int CallCount = 120;
    private const long WindowMs = 3 * 86_400_000L;
    private const int MinTalkSec = 20;

    [Theory]
    [InlineData(1, "valid_only", "<=")]
    [InlineData(2, "valid_only", "<")]
    [InlineData(3, "any_connected", "<=")]
    [InlineData(4, "any_connected", "<")]
    [InlineData(5, "valid_only", "<=")]
    public async Task Verdicts_AnyOrderOfArrival_AreThoseOfTheWholeHistory(int seed, string anchor, string boundary)
    {
        var random = new Random(seed);
        var history = await History.NewAsync(stack, $$"""
            {"min_talk_sec":{{MinTalkSec}},"dup_window_sec":{{WindowMs / 1000}},"dup_scope":"advertiser",
             "dup_anchor":"{{anchor}}","dup_boundary":"{{boundary}}"}
            """);
        var calls = MakeCalls(random, history);
        var arriving = calls.ToArray();
        random.Shuffle(arriving);
        for (var at = 0; at < arriving.Length;)
        {
            var count = Math.Min(random.Next(1, 40), arriving.Length - at);
            var batch = arriving[at..(at + count)];
            at += count;
            // One in three batches is not waited for, so that several are judged in one round; one brings a row again.
            if (random.Next(3) == 0) await stack.ShipAsync(batch);
            else await history.ShipAsync([.. batch, arriving[random.Next(at)]]);
        }
        await Stack.UntilAsync("all judged", async () => (await history.VerdictsAsync()).Count == CallCount);
        var expected = Reference(calls, anchor == "any_connected", boundary == "<=");
        await Stack.UntilAsync("settled", async () => Same(await history.VerdictsAsync(), expected));
        (await history.VerdictsAsync()).OrderBy(v => v.Key).ShouldBe(expected.OrderBy(v => v.Key));
        await history.LedgerShouldSumUpAsync();
        await CallEventsShouldBeOneEachAsync(history);
    }

    private static bool Same(Dictionary<string, string> left, Dictionary<string, string> right) =>
        left.Count == right.Count && left.All(v => right.GetValueOrDefault(v.Key) == v.Value);

    // Few callers and times on a coarse grid, so that ties, exact window lengths and long chains are common.
    private static List<CallRecord> MakeCalls(Random random, History history)
    {
        var calls = new List<CallRecord>();
        for (var i = 1; i <= CallCount; i++)
        {
            var who = random.Next(6);
            var caller = who == 0 ? "" : "0901111000" + who.ToString(CultureInfo.InvariantCulture);
            var day = random.Next(0, 60) * 0.25;
            var name = "x" + i.ToString("D4", CultureInfo.InvariantCulture);
            calls.Add(history.Call(name, day, random.Next(0, 60), caller));
        }
        return calls;
    }

    private static Dictionary<string, string> Reference(List<CallRecord> calls, bool isAnyConnected, bool isInclusive)
    {
        var verdicts = new Dictionary<string, string>();
        var anchors = new Dictionary<ulong, CallRecord>();
        foreach (var call in calls.OrderBy(c => c.DinMs).ThenBy(c => c.TrnId, StringComparer.Ordinal))
        {
            var anchor = call.CallerKey == 0 ? null : anchors.GetValueOrDefault(call.CallerKey);
            var distance = anchor is null ? long.MaxValue : call.DinMs - anchor.DinMs;
            var isDuplicate = isInclusive ? distance <= WindowMs : distance < WindowMs;
            var verdict = call.TalkingSec < MinTalkSec ? "short"
                : isDuplicate ? "duplicate " + Tenant.NameOf(anchor!.TrnId)
                : "valid";
            if (verdict == "valid" || isAnyConnected) anchors[call.CallerKey] = call;
            verdicts[Tenant.NameOf(call.TrnId)] = verdict;
        }
        return verdicts;
    }

    private async Task CallEventsShouldBeOneEachAsync(History history) => (await stack.ClickHouseServer.Query(
        "SELECT count(), uniqExact(trn_id), uniqExact(position) FROM calltracker.judge_ledger "
        + $"WHERE event = 'call' AND operator_id = '{history.Owner.OperatorId}'"))
        .ShouldBe($"{CallCount}\t{CallCount}\t{CallCount}");
}
