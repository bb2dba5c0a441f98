using System.Net;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>/v1/numbers: what is accepted, what is refused and how, and what the nodes get to read.</summary>
public sealed class NumberTests(Stack stack)
{
    [Fact]
    public async Task Post_WholeNumber_IsCreatedNormalisedWithRoute()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var written = $"+81 {dinId[1..4]}-{dinId[4..7]}-{dinId[7..]}";

        var answer = await tenant.Admin.PostAsync("/v1/numbers", $$"""
            {"din_id":"{{written}}","client_id":"c1","dialin_name":"本店","dialin_id":"shop-1",
             "destinations":[{"fwd_id":"03-1234-5678","ring_sec":20},{"fwd_id":"+81 90 1111 2222"}]}
            """);

        answer.Expect(HttpStatusCode.Created);
        answer["din_id"].ShouldBe(dinId);
        answer["caller_display"].ShouldBe("system");
        answer.Response.Headers.Location!.ToString().ShouldBe("/v1/numbers/shop-1");
        var route = JsonSerializer.Deserialize(await RedisGetAsync("ct:route:" + dinId),
            ContractJson.Default.RouteRecord)!;
        route.OperatorId.ShouldBe(tenant.OperatorId);
        (route.ClientId, route.ClientName, route.DialinId, route.DialinName).ShouldBe(("c1", "広告主", "shop-1", "本店"));
        route.Destinations.ShouldBe([new("0312345678", 20), new("09011112222", 30)]);
        route.Version.ToString().ShouldBe(answer["version"]);
        (await stack.Redis.CommandAsync("XRANGE", "ct:changes", $"{route.Version}-0", $"{route.Version}-0"))
            .ShouldContain(dinId);
    }

    [Fact]
    public async Task Get_ByAnyWrittenForm_FindsTheNumber()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var created = await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId));
        foreach (var id in (string[])[created["dialin_id"], dinId, "+81" + dinId[1..], dinId.Insert(4, "-")])
        {
            (await tenant.Admin.GetAsync("/v1/numbers/" + Uri.EscapeDataString(id))).Expect(HttpStatusCode.OK)["din_id"]
                .ShouldBe(dinId);
        }
    }

    [Theory]
    [InlineData("""{"din_id":"0120"}""", 422, "/din_id")]
    [InlineData("""{"din_id":"abc"}""", 422, "/din_id")]
    [InlineData("""{"din_id":120999999}""", 400, "/din_id")]
    [InlineData("""{"din_id":null}""", 422, "/din_id")]
    [InlineData("""{"dialin_id":"a b"}""", 422, "/dialin_id")]
    [InlineData("""{"dialin_name":"a\u0000b"}""", 422, "/dialin_name")]
    [InlineData("""{"client_id":"zz"}""", 422, "/client_id")]
    [InlineData("""{"destinations":[]}""", 422, "/destinations")]
    [InlineData("""{"destinations":{"fwd_id":"0312345678"}}""", 400, "/destinations")]
    [InlineData("""{"destinations":["0312345678"]}""", 400, "/destinations/0")]
    [InlineData("""{"destinations":[{"fwd_id":"x"}]}""", 422, "/destinations/0/fwd_id")]
    [InlineData("""{"destinations":[{"fwd_id":"0120999999"}]}""", 422, "/destinations/0/fwd_id")]
    [InlineData("""{"destinations":[{"fwd_id":"0312345678","ring_sec":0}]}""", 422, "/destinations/0/ring_sec")]
    [InlineData("""{"destinations":[{"fwd_id":"0312345678","ring_sec":601}]}""", 422, "/destinations/0/ring_sec")]
    [InlineData("""{"destinations":[{"fwd_id":"0312345678","ring_sec":"9"}]}""", 400, "/destinations/0/ring_sec")]
    [InlineData("""{"caller_display":"caller"}""", 422, "/caller_display")]
    [InlineData("""{"enabled":"yes"}""", 400, "/enabled")]
    [InlineData("""{"recording":"stereo"}""", 422, "/recording")]
    [InlineData("""{"recording":"failed"}""", 422, "/recording")]
    [InlineData("""{"recording":true}""", 400, "/recording")]
    [InlineData("""{"recording_days":-1}""", 422, "/recording_days")]
    [InlineData("""{"recording_days":3651}""", 422, "/recording_days")]
    [InlineData("""{"recording_days":"7"}""", 400, "/recording_days")]
    [InlineData("""{"colour":1}""", 400, "/colour")]
    public async Task Post_BadMember_IsRefusedWithPointer(string change, int status, string pointer)
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var document = MergePatch.Apply(Element(Tenant.NumberJson("0120999999")), Element(change));
        var answer = await tenant.Admin.PostAsync("/v1/numbers", document.GetRawText());
        answer.ExpectProblem((HttpStatusCode)status, status == 422 ? "invalid" : "malformed");
        answer.Pointers.ShouldContain(pointer);
        (await RedisGetAsync("ct:route:0120999999")).ShouldBe("");
    }

    [Fact]
    public async Task Post_SameNumberTwiceAtOnce_OneIsCreatedAndOneRefused()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        for (var round = 0; round < 10; round++)
        {
            var json = Tenant.NumberJson(Tenant.NextNumber());
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
                tenant.Admin.PostAsync("/v1/numbers", json)));
            answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
            foreach (var refused in answers.Where(a => a.Status != HttpStatusCode.Created))
            {
                refused.ExpectProblem(HttpStatusCode.Conflict, "din_id_taken").Pointers.ShouldBe(["/din_id"]);
            }
        }
    }

    [Fact]
    public async Task Post_NumberOfAnotherOperator_IsConflict()
    {
        var json = Tenant.NumberJson(Tenant.NextNumber());
        var first = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var second = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        (await first.Admin.PostAsync("/v1/numbers", json)).Expect(HttpStatusCode.Created);
        (await second.Admin.PostAsync("/v1/numbers", json)).ExpectProblem(HttpStatusCode.Conflict, "din_id_taken");
    }

    [Fact]
    public async Task Put_WithETags_OnlyTheVersionSeenIsReplaced()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var created = await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId));
        var path = "/v1/numbers/" + created["dialin_id"];

        var changed = await tenant.Admin.PutAsync(path, Tenant.NumberJson(dinId, fwdId: "0399999999"), created.ETag);
        changed.Expect(HttpStatusCode.OK);
        (await tenant.Admin.PutAsync(path, Tenant.NumberJson(dinId), created.ETag))
            .ExpectProblem(HttpStatusCode.PreconditionFailed, "changed");
        (await RedisGetAsync("ct:route:" + dinId)).ShouldContain("0399999999");
        (await tenant.Admin.DeleteAsync(path, created.ETag))
            .ExpectProblem(HttpStatusCode.PreconditionFailed, "changed");
        (await tenant.Admin.DeleteAsync(path, changed.ETag)).Expect(HttpStatusCode.NoContent);
        (await tenant.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await RedisGetAsync("ct:route:" + dinId)).ShouldBe("");
    }

    [Fact]
    public async Task Put_ManyWithoutETag_AllSucceedAndTheVersionGrows()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var path = "/v1/numbers/"
            + (await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId)))["dialin_id"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            tenant.Admin.PutAsync(path, Tenant.NumberJson(dinId))));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        answers.Select(a => a["version"]).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Patch_OneMember_KeepsTheOthers()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var path = "/v1/numbers/"
            + (await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId)))["dialin_id"];

        var answer = await tenant.Admin.PatchAsync(path, """{"enabled":false,"system_number":"0312340000"}""");

        answer.Expect(HttpStatusCode.OK)["enabled"].ShouldBe("False");
        (answer["system_number"], answer["dialin_name"]).ShouldBe(("0312340000", "店"));
        (await tenant.Admin.PatchAsync(path, """{"din_id":"0120888888"}"""))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid").Pointers.ShouldBe(["/din_id"]);
        (await tenant.Admin.PatchAsync(path, """{"destinations":null}"""))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid").Pointers.ShouldBe(["/destinations"]);
    }

    [Theory]
    [InlineData("both", RecordingSetting.Both)]
    [InlineData("caller", RecordingSetting.Caller)]
    [InlineData("callee", RecordingSetting.Callee)]
    public async Task Patch_Recording_ReachesTheRoute(string word, RecordingSetting setting)
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var created = await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId));
        created["recording"].ShouldBe("off");
        var path = "/v1/numbers/" + created["dialin_id"];
        (await tenant.Admin.PatchAsync(path, $$"""{"recording":"{{word}}"}""")).Expect(HttpStatusCode.OK)["recording"]
            .ShouldBe(word);
        await RouteShouldSayAsync(dinId, setting);
        (await tenant.Admin.PatchAsync(path, """{"enabled":true}"""))["recording"].ShouldBe(word);
        (await tenant.Admin.PatchAsync(path, """{"recording":null}"""))["recording"].ShouldBe("off");
        created["recording_days"].ShouldBe("0");
        (await tenant.Admin.PatchAsync(path, """{"recording_days":90}"""))["recording_days"].ShouldBe("90");
        (await tenant.Admin.PatchAsync(path, """{"enabled":true}"""))["recording_days"].ShouldBe("90");
        await RouteShouldSayAsync(dinId, RecordingSetting.Off);
    }

    private async Task RouteShouldSayAsync(string dinId, RecordingSetting setting) => JsonSerializer.Deserialize(
        await RedisGetAsync("ct:route:" + dinId), ContractJson.Default.RouteRecord)!.Recording.ShouldBe(setting);

    [Fact]
    public async Task Put_AnotherAdvertiser_MovesTheNumber()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        await tenant.WithAdvertiserAsync("c2", "別の広告主");
        var dinId = Tenant.NextNumber();
        var path = "/v1/numbers/"
            + (await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId)))["dialin_id"];
        (await tenant.Admin.PatchAsync(path, """{"client_id":"c2"}""")).Expect(HttpStatusCode.OK);
        (await ListAsync(tenant, "client_id=c1")).ShouldBeEmpty();
        (await ListAsync(tenant, "client_id=c2")).ShouldBe([dinId]);
        (await RedisGetAsync("ct:route:" + dinId)).ShouldContain("\"client_id\":\"c2\"");
        (await tenant.Admin.DeleteAsync("/v1/advertisers/c1")).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task List_InPages_HasEachNumberOnce()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var expected = Enumerable.Range(0, 7).Select(_ => Tenant.NextNumber()).ToArray();
        foreach (var dinId in expected) await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId));
        var seen = new List<string>();
        var path = "/v1/numbers?limit=3";
        while (true)
        {
            var page = (await tenant.Admin.GetAsync(path)).Expect(HttpStatusCode.OK);
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(n =>
                n.GetProperty("din_id").GetString()!));
            if (!page.Json.TryGetProperty("next_cursor", out _)) break;
            var link = page.Response.Headers.GetValues("Link").Single();
            path = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        }
        seen.Order().ShouldBe(expected.Order());
        (await tenant.Admin.GetAsync("/v1/numbers?limit=0")).ExpectProblem(HttpStatusCode.BadRequest, "bad_parameter");
        (await tenant.Admin.GetAsync("/v1/numbers?cursor=%21")).ExpectProblem(HttpStatusCode.BadRequest, "bad_cursor");
    }

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;

    private static async Task<string[]> ListAsync(Tenant tenant, string query) =>
        [.. (await tenant.Admin.GetAsync("/v1/numbers?" + query)).Json.GetProperty("items").EnumerateArray()
            .Select(n => n.GetProperty("din_id").GetString()!)];

    // The RESP bulk string without its length line; empty when the key is not there.
    private async Task<string> RedisGetAsync(string key)
    {
        var answer = await stack.Redis.CommandAsync("GET", key);
        return answer.StartsWith("$-1", StringComparison.Ordinal) ? "" : answer.Split("\r\n")[1];
    }
}
