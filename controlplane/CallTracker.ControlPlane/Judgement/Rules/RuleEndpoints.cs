using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Numbers;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>/v1/judgement-rules. Stateless.</summary>
internal static class RuleEndpoints
{
    public static void MapJudgementRules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/judgement-rules").WithTags("Judgement");
        group.MapPost("", CreateAsync).Needs(Scopes.JudgeWrite)
            .DescribeWrite("Create a judgement rule",
                "Calls in its scope and period are judged anew by it, in seconds.")
            .Accepts<JudgementRuleBody>("application/json").Produces<JudgementRule>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.JudgeRead)
            .Describe("List judgement rules", "In order of rule_id. Where no rule applies the default rule does: "
                + "/v1/judgement-rules/default.").Produces<ListPage<JudgementRule>>();
        group.MapGet("/{rule_id}", GetAsync).Needs(Scopes.JudgeRead)
            .Describe("Read a judgement rule", "Its version is in the ETag.").Produces<JudgementRule>();
        group.MapPut("/{rule_id}", ReplaceAsync).Needs(Scopes.JudgeWrite)
            .DescribeWrite("Replace a judgement rule", "Makes a new version; what it affects is judged anew.")
            .Accepts<JudgementRuleBody>("application/json").Produces<JudgementRule>();
        group.MapDelete("/{rule_id}", DeleteAsync).Needs(Scopes.JudgeWrite)
            .DescribeWrite("Delete a judgement rule", "What it judged is judged anew by the rules that remain.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, RuleStore store, AdvertiserStore advertisers,
        NumberStore numberStore, CallerNumbers numbers, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = RuleValidation.Read(body.Root, current: null, numbers);
        if (input is null) return problem!;
        var caller = Caller.Of(context);
        var client = await ClientOfAsync(caller.OperatorId, input.Scope, input.ScopeId!, advertisers, numberStore);
        if (client is null) return Problems.Invalid(new FieldError("/scope_id", $"There is no such {input.Scope}."));
        if (!caller.Sees(client)) return Problems.OtherTenant("The key is bound to another advertiser.");
        var now = clock.GetUtcNow();
        var stored = Compose(input, Identifier.Make(), now, now, numbers);
        var result = await store.CreateAsync(caller.OperatorId, stored);
        if (!result.IsDone) return Problems.Conflict("too_many", "No more rules fit.");
        context.Response.Headers.Location = "/v1/judgement-rules/" + stored.Rule.RuleId;
        return Answer(context, stored.Rule with { Version = result.Version }, numbers, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RuleStore store, CallerNumbers numbers,
        AdvertiserStore advertisers, NumberStore numberStore)
    {
        var caller = Caller.Of(context);
        if (PageRequest.Read(context, out var page) is { } problem) return problem;
        var (items, next) = await store.ListAsync(caller.OperatorId, page);
        if (next is not null) LinkHeader.WriteNext(context, next);
        var visible = new List<JudgementRule>();
        foreach (var item in items)
        {
            var isSeen = caller.ClientId is null || await IsSeenAsync(caller, item.Rule, advertisers, numberStore);
            if (isSeen) visible.Add(Shown(context, item.Rule, numbers));
        }
        return Results.Json(new ListPage<JudgementRule>(visible, next), ApiJson.Wire.ListPageJudgementRule);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string rule_id, RuleStore store,
        CallerNumbers numbers, AdvertiserStore advertisers, NumberStore numberStore)
    {
        var caller = Caller.Of(context);
        if (rule_id == DefaultRule.Value.RuleId) return Answer(context, DefaultRule.Value, numbers);
        var stored = await store.GetAsync(caller.OperatorId, rule_id);
        var isSeen = stored is not null && await IsSeenAsync(caller, stored.Rule, advertisers, numberStore);
        return isSeen ? Answer(context, stored!.Rule, numbers) : Problems.NotFound("judgement rule");
    }

    private static async Task<IResult> ReplaceAsync(HttpContext context, string rule_id, RuleStore store,
        AdvertiserStore advertisers, NumberStore numberStore, CallerNumbers numbers, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        return await Optimistic.RunAsync(async () =>
        {
            var caller = Caller.Of(context);
            var seen = await store.GetAsync(caller.OperatorId, rule_id);
            if (seen is null || !await IsSeenAsync(caller, seen.Rule, advertisers, numberStore))
            {
                return Problems.NotFound("judgement rule");
            }
            if (!EntityTag.Admits(context, seen.Version)) return Problems.Changed();
            var (input, problem) = RuleValidation.Read(body.Root, seen.Rule, numbers);
            if (input is null) return problem;
            var stored = Compose(input, rule_id, seen.Rule.CreatedAt, clock.GetUtcNow(), numbers);
            var result = await store.ReplaceAsync(caller.OperatorId, stored, seen);
            if (result.IsDone) return Answer(context, stored.Rule with { Version = result.Version }, numbers);
            return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
        });
    }

    private static Task<IResult> DeleteAsync(HttpContext context, string rule_id, RuleStore store,
        AdvertiserStore advertisers, NumberStore numberStore) => Optimistic.RunAsync(async () =>
    {
        var caller = Caller.Of(context);
        var seen = await store.GetAsync(caller.OperatorId, rule_id);
        if (seen is null || !await IsSeenAsync(caller, seen.Rule, advertisers, numberStore))
        {
            return Problems.NotFound("judgement rule");
        }
        if (!EntityTag.Admits(context, seen.Version)) return Problems.Changed();
        var result = await store.DeleteAsync(caller.OperatorId, seen);
        if (result.IsDone) return Results.NoContent();
        return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
    });

    // A key that is bound to one advertiser sees the rules of that advertiser and of its numbers, not the operator's.
    private static async Task<bool> IsSeenAsync(
        Caller caller, JudgementRule rule, AdvertiserStore advertisers, NumberStore numbers) =>
        caller.ClientId is null
        || await ClientOfAsync(caller.OperatorId, rule.Scope, rule.ScopeId, advertisers, numbers) == caller.ClientId;

    // The advertiser a scope belongs to; empty for the operator itself, null when there is no such thing.
    private static async Task<string?> ClientOfAsync(
        string operatorId, string scope, string scopeId, AdvertiserStore advertisers, NumberStore numbers) =>
        scope switch
        {
            "advertiser" => (await advertisers.GetAsync(operatorId, scopeId))?.ClientId,
            "number" => await numbers.FindAsync(operatorId, scopeId) is { } number && number.DialinId == scopeId
                ? number.ClientId
                : null,
            _ => "",
        };

    private static StoredRule Compose(
        JudgementRuleBody input, string ruleId, DateTimeOffset created, DateTimeOffset now, CallerNumbers numbers) =>
        new()
        {
            Rule = new JudgementRule
            {
                RuleId = ruleId,
                Name = input.Name ?? "",
                Scope = input.Scope,
                ScopeId = input.ScopeId ?? "",
                EffectiveFrom = input.EffectiveFrom,
                EffectiveTo = input.EffectiveTo,
                MinTalkSec = input.MinTalkSec,
                DupWindowSec = input.DupWindowSec,
                DupScope = input.DupScope,
                DupAnchor = input.DupAnchor,
                DupBoundary = input.DupBoundary,
                Withheld = input.Withheld,
                ExcludedCallers = [.. input.ExcludedCallers.Select(numbers.Seal)],
                CreatedAt = created,
                UpdatedAt = now,
            },
            ExcludedKeys = [.. input.ExcludedCallers.Select(numbers.Key)],
        };

    private static JudgementRule Shown(HttpContext context, JudgementRule rule, CallerNumbers numbers) =>
        Caller.Of(context).May(Scopes.PiiRead)
            ? rule with { ExcludedCallers = [.. rule.ExcludedCallers.Select(numbers.Open)] }
            : rule;

    private static IResult Answer(
        HttpContext context, JudgementRule rule, CallerNumbers numbers, int status = StatusCodes.Status200OK)
    {
        EntityTag.Write(context, rule.Version);
        return Results.Json(Shown(context, rule, numbers), ApiJson.Wire.JudgementRule, statusCode: status);
    }
}
