using CallTracker.Contracts.Calls;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;

namespace CallTracker.ControlPlane.Tests.Judgement;

/// <summary>
/// A tenant's calls of one or more callers, written as days and seconds of talk, and what became of them.
/// </summary>
internal sealed class History(Stack stack, Tenant tenant)
{
    private const long DayMs = 86_400_000;
    /// <summary>2026-09-01 10:00 in Japan.</summary>
    public const long StartMs = 1_788_224_400_000;

    public Tenant Owner => tenant;

    /// <summary>Seven days, thirty seconds: the rule of the decision vectors.</summary>
    public const string VectorRule = """
        {"min_talk_sec":30,"dup_window_sec":604800,"dup_scope":"advertiser",
         "dup_anchor":"valid_only","dup_boundary":"<="}
        """;

    public static async Task<History> NewAsync(Stack stack, string? rule = VectorRule)
    {
        var tenant = await stack.NewTenantAsync();
        if (rule is not null)
        {
            (await tenant.Admin.PostAsync("/v1/judgement-rules", rule)).Expect(System.Net.HttpStatusCode.Created);
            await UntilRulesApplyAsync(stack, tenant);
        }
        return new History(stack, tenant);
    }

    public CallRecord Call(string id, double day, int talkSec, string caller = "09011112222") =>
        tenant.Call(id, StartMs + (long)(day * DayMs), talkSec, caller);

    public Task ShipAsync(params CallRecord[] calls) => stack.ShipAndJudgeAsync(calls);

    /// <summary>The verdicts by call id: valid, short, or dup of which call.</summary>
    public async Task<Dictionary<string, string>> VerdictsAsync()
    {
        var text = await stack.ClickHouseServer.Query(
            "SELECT trn_id, verdict, duplicate_of FROM calltracker.verdicts FINAL "
            + $"WHERE operator_id = '{tenant.OperatorId}' FORMAT TSV");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(cells => Tenant.NameOf(cells[0]), cells => $"{cells[1]} {Tenant.NameOf(cells[2])}".TrimEnd());
    }

    public async Task ShouldBecomeAsync(params string[] expected)
    {
        var verdicts = await VerdictsAsync();
        verdicts.OrderBy(v => v.Key).Select(v => $"{v.Key} {v.Value}").ShouldBe(expected.Order());
        await LedgerShouldSumUpAsync();
    }

    /// <summary>The signed columns of the ledger add up to the verdicts in force.</summary>
    public async Task LedgerShouldSumUpAsync()
    {
        var sums = await stack.ClickHouseServer.Query(
            "SELECT sum(d_calls), sum(d_valid), sum(d_duplicate), sum(d_short) FROM calltracker.judge_ledger "
            + $"WHERE operator_id = '{tenant.OperatorId}'");
        var state = await stack.ClickHouseServer.Query(
            "SELECT count(), countIf(verdict = 'valid'), countIf(verdict = 'duplicate'), countIf(verdict = 'short') "
            + $"FROM calltracker.verdicts FINAL WHERE operator_id = '{tenant.OperatorId}'");
        sums.ShouldBe(state);
    }

    /// <summary>Waits until the judge has applied every changed rule of the tenant.</summary>
    public static Task UntilRulesApplyAsync(Stack stack, Tenant tenant) => Stack.UntilAsync("rules applied", async () =>
        !(await stack.Redis.CommandAsync("HKEYS", "ct:rules:pending")).Contains(tenant.OperatorId,
            StringComparison.Ordinal));
}
