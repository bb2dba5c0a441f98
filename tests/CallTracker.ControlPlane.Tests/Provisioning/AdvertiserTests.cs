using System.Net;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>/v1/advertisers.</summary>
public sealed class AdvertiserTests(Stack stack)
{
    [Fact]
    public async Task Post_WithoutId_GetsOneOf24HexDigits()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/advertisers", """{"client_name":"株式会社 \"例\" <x>"}""");
        answer.Expect(HttpStatusCode.Created);
        answer["client_id"].ShouldMatch("^[0-9a-f]{24}$");
        answer["client_name"].ShouldBe("株式会社 \"例\" <x>");
        answer.Text.ShouldContain("株式会社");
        var read = await tenant.Admin.GetAsync(answer.Response.Headers.Location!.ToString());
        read.Text.ShouldBe(answer.Text);
        read.ETag.ShouldBe(answer.ETag);
    }

    [Theory]
    [InlineData("""{}""", 422, "/client_name")]
    [InlineData("""{"client_name":"  "}""", 422, "/client_name")]
    [InlineData("""{"client_name":null}""", 422, "/client_name")]
    [InlineData("""{"client_name":7}""", 400, "/client_name")]
    [InlineData("""{"client_name":"x","client_id":"a/b"}""", 422, "/client_id")]
    [InlineData("""{"client_name":"x","client_id":""}""", 422, "/client_id")]
    [InlineData("""{"client_name":"x","a~/b":1}""", 400, "/a~0~1b")]
    public async Task Post_BadDocument_IsRefusedWithPointer(string json, int status, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/advertisers", json);
        answer.ExpectProblem((HttpStatusCode)status, status == 422 ? "invalid" : "malformed")
            .Pointers.ShouldContain(pointer);
    }

    [Fact]
    public async Task Post_LongestName_FitsAndOneMoreDoesNot()
    {
        var tenant = await stack.NewTenantAsync();
        var name = new string('あ', AdvertiserValidation.NameLengthMax);
        (await tenant.Admin.PostAsync("/v1/advertisers",
                $$"""{"client_name":"{{name}}"}"""))
            .Expect(HttpStatusCode.Created);
        (await tenant.Admin.PostAsync("/v1/advertisers", $$"""{"client_name":"{{name}}い"}"""))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Fact]
    public async Task Post_TakenId_IsConflictWithinTheOperatorOnly()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        (await tenant.Admin.PostAsync("/v1/advertisers", """{"client_id":"c1","client_name":"x"}"""))
            .ExpectProblem(HttpStatusCode.Conflict, "client_id_taken").Pointers.ShouldBe(["/client_id"]);
        await (await stack.NewTenantAsync()).WithAdvertiserAsync();
    }

    [Fact]
    public async Task Put_NewName_ReachesEveryRouteAndTheNodes()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var numbers = Enumerable.Range(0, 5).Select(_ => Tenant.NextNumber()).ToArray();
        foreach (var number in numbers)
        {
            (await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(number))).Expect(HttpStatusCode.Created);
        }

        (await tenant.Admin.PutAsync("/v1/advertisers/c1",

                """{"client_name":"新 \"名\" \\ %1"}"""))

            .Expect(HttpStatusCode.OK);

        foreach (var number in numbers)
        {
            var json = (await stack.Redis.CommandAsync("GET", "ct:route:" + number)).Split("\r\n")[1];
            var route = System.Text.Json.JsonSerializer.Deserialize(json, Contracts.ContractJson.Default.RouteRecord)!;
            route.ClientName.ShouldBe("新 \"名\" \\ %1");
            (await stack.Redis.CommandAsync("XRANGE", "ct:changes", $"{route.Version}-0", $"{route.Version}-0"))
                .ShouldContain(number);
        }
        (await stack.Redis.CommandAsync("SMEMBERS", "ct:renames")).ShouldNotContain(tenant.OperatorId);
    }

    [Fact]
    public async Task Delete_WithNumbers_IsConflictUntilTheyAreGone()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var number = await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(Tenant.NextNumber()));
        (await tenant.Admin.DeleteAsync("/v1/advertisers/c1"))
            .ExpectProblem(HttpStatusCode.Conflict, "advertiser_in_use");
        await tenant.Admin.DeleteAsync("/v1/numbers/" + number["dialin_id"]);
        (await tenant.Admin.DeleteAsync("/v1/advertisers/c1")).Expect(HttpStatusCode.NoContent);
        (await tenant.Admin.GetAsync("/v1/advertisers/c1")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Patch_StaleETag_IsRefused()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var first = await tenant.Admin.GetAsync("/v1/advertisers/c1");
        (await tenant.Admin.PatchAsync("/v1/advertisers/c1", """{"client_name":"b"}""",
                first.ETag))
            .Expect(HttpStatusCode.OK);
        (await tenant.Admin.PatchAsync("/v1/advertisers/c1", """{"client_name":"c"}""", first.ETag))
            .ExpectProblem(HttpStatusCode.PreconditionFailed, "changed");
        (await tenant.Admin.PatchAsync("/v1/advertisers/c1", """{"client_name":"d"}""", "*")).Expect(HttpStatusCode.OK);
    }
}
