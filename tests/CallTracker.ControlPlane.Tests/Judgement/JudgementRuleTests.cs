using System.Net;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Judgement;

/// <summary>/v1/judgement-rules: the documents, which of them judges, and re-judgement.</summary>
public sealed class JudgementRuleTests(Stack stack)
{
    [Fact]
    public async Task Default_IsDataThatCanBeRead_AndCannotBeWritten()
    {
        var tenant = await stack.NewTenantAsync();
        var rule = (await tenant.Admin.GetAsync("/v1/judgement-rules/default")).Expect(HttpStatusCode.OK);
        (rule["min_talk_sec"], rule["dup_window_sec"], rule["dup_scope"], rule["withheld"])
            .ShouldBe(("1", "86400", "number", "never_dup"));
        (await tenant.Admin.PutAsync("/v1/judgement-rules/default", "{}"))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("""{"min_talk_sec":-1}""", 422, "/min_talk_sec")]
    [InlineData("""{"min_talk_sec":3601}""", 422, "/min_talk_sec")]
    [InlineData("""{"dup_window_sec":34560001}""", 422, "/dup_window_sec")]
    [InlineData("""{"dup_scope":"group"}""", 422, "/dup_scope")]
    [InlineData("""{"dup_anchor":1}""", 400, "/dup_anchor")]
    [InlineData("""{"dup_boundary":"=="}""", 422, "/dup_boundary")]
    [InlineData("""{"withheld":"sometimes"}""", 422, "/withheld")]
    [InlineData("""{"excluded_callers":["x"]}""", 422, "/excluded_callers/0")]
    [InlineData("""{"scope":"advertiser"}""", 422, "/scope_id")]
    [InlineData("""{"scope":"advertiser","scope_id":"nobody"}""", 422, "/scope_id")]
    [InlineData("""{"scope":"operator","scope_id":"x"}""", 422, "/scope_id")]
    [InlineData("""{"effective_from":"soon"}""", 422, "/effective_from")]
    [InlineData("""{"effective_from":"2026-09-02","effective_to":"2026-09-01"}""", 422, "/effective_to")]
    [InlineData("""{"colour":1}""", 400, "/colour")]
    public async Task Post_BadDocument_IsRefusedWithPointer(string json, int status, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/judgement-rules", json);
        answer.ExpectProblem((HttpStatusCode)status, status == 422 ? "invalid" : "malformed")
            .Pointers.ShouldContain(pointer);
    }

    [Fact]
    public async Task ExcludedCallers_AreSealedInRedis_AndShownWithPiiOnly()
    {
        var tenant = await stack.NewTenantAsync();
        var rule = await tenant.Admin.PostAsync("/v1/judgement-rules", """{"excluded_callers":["+81 3-5555-0000"]}""");
        var path = rule.Expect(HttpStatusCode.Created).Response.Headers.Location!.ToString();
        rule.Text.ShouldContain("0355550000");
        var reader = await tenant.KeyAsync("judge:write");
        var hidden = await reader.GetAsync(path);
        hidden.Text.ShouldNotContain("0355550000");
        (await stack.Redis.CommandAsync("HGETALL", "ct:rules:" + tenant.OperatorId)).ShouldNotContain("0355550000");
        // What was shown sealed may come back sealed.
        var sealedNumber = hidden.Json.GetProperty("excluded_callers")[0].GetString();
        (await reader.PutAsync(path, $$"""{"excluded_callers":["{{sealedNumber}}"]}""")).Expect(HttpStatusCode.OK);
        (await tenant.Admin.GetAsync(path)).Text.ShouldContain("0355550000");
    }

    [Fact]
    public async Task Put_ChangedRule_JudgesAnewAndNamesItsVersion()
    {
        var history = await History.NewAsync(stack, rule: null);
        var admin = history.Owner.Admin;
        var created = await admin.PostAsync("/v1/judgement-rules", History.VectorRule);
        var path = created.Response.Headers.Location!.ToString();
        await History.UntilRulesApplyAsync(stack, history.Owner);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 3, 50), history.Call("w", 1, 40, ""));
        await history.ShouldBecomeAsync("a valid", "b duplicate a", "w valid");

        var changed = await admin.PutAsync(path, """
            {"min_talk_sec":45,"dup_window_sec":604800,"dup_scope":"advertiser","withheld":"always_dup"}
            """, created.ETag);
        changed.Expect(HttpStatusCode.OK);
        await History.UntilRulesApplyAsync(stack, history.Owner);

        await history.ShouldBecomeAsync("a short", "b valid", "w short");
        (await VersionsAsync(history)).ShouldBe(changed["version"]);
        (await admin.PutAsync(path, "{}", created.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed, "changed");

        (await admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        await History.UntilRulesApplyAsync(stack, history.Owner);
        await history.ShouldBecomeAsync("a valid", "b valid", "w valid");
        (await VersionsAsync(history)).ShouldBe("0");
    }

    [Fact]
    public async Task Rules_OfSeveralScopes_TheMoreSpecialWins()
    {
        var history = await History.NewAsync(stack, """{"min_talk_sec":10}""");
        var tenant = history.Owner;
        await tenant.WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var number = await tenant.Admin.PostAsync("/v1/numbers",
            Tenant.NumberJson(dinId).Replace("{\"din_id\"", $"{{\"dialin_id\":\"d{dinId}\",\"din_id\""));
        number.Expect(HttpStatusCode.Created);
        await tenant.Admin.PostAsync("/v1/judgement-rules",
            """{"scope":"advertiser","scope_id":"c1","min_talk_sec":20}""");
        await tenant.Admin.PostAsync("/v1/judgement-rules",
            $$"""{"scope":"number","scope_id":"d{{dinId}}","min_talk_sec":30,"effective_from":"2026-09-02"}""");
        await History.UntilRulesApplyAsync(stack, tenant);
        const long Day = 86_400_000;
        await history.ShipAsync(
            tenant.Call("a", History.StartMs + Day, 25, "0311110001", dinId: dinId),
            tenant.Call("b", History.StartMs - Day, 25, "0311110002", dinId: dinId),
            tenant.Call("c", History.StartMs, 15, "0311110003"),
            tenant.Call("d", History.StartMs, 15, "0311110004", client: "c9"));
        await history.ShouldBecomeAsync("a short", "b valid", "c short", "d valid");
    }

    [Fact]
    public async Task Rules_OfAdvertiserKey_AreItsOwnOnly()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        await tenant.WithAdvertiserAsync("c2");
        var whole = await tenant.Admin.PostAsync("/v1/judgement-rules", "{}");
        var foreign = await tenant.Admin.PostAsync("/v1/judgement-rules", """{"scope":"advertiser","scope_id":"c2"}""");
        var bound = await tenant.KeyAsync("judge:write", "c1");
        var own = await bound.PostAsync("/v1/judgement-rules", """{"scope":"advertiser","scope_id":"c1"}""");
        own.Expect(HttpStatusCode.Created);
        (await bound.PostAsync("/v1/judgement-rules", "{}"))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        (await bound.PostAsync("/v1/judgement-rules", """{"scope":"advertiser","scope_id":"c2"}"""))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        foreach (var rule in (Answer[])[whole, foreign])
        {
            var path = rule.Response.Headers.Location!.ToString();
            (await bound.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await bound.PutAsync(path, "{}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await bound.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        (await bound.GetAsync("/v1/judgement-rules")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await (await stack.NewTenantAsync()).Admin.GetAsync(own.Response.Headers.Location!.ToString()))
            .Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<string> VersionsAsync(History history) => await stack.ClickHouseServer.Query(
        "SELECT DISTINCT rule_version FROM calltracker.verdicts FINAL "
        + $"WHERE operator_id = '{history.Owner.OperatorId}'");
}
