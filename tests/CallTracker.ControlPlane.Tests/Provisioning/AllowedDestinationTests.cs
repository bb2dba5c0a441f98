using System.Net;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>Toll-fraud guard in the API: a destination that costs somebody must be permitted by name.</summary>
public sealed class AllowedDestinationTests(Stack stack)
{
    [Theory]
    [InlineData("+1 202 555 0100")]
    [InlineData("010-1-202-555-0100")]
    [InlineData("0990-512-345")]
    [InlineData("0570-012-345")]
    [InlineData("110")]
    [InlineData("0033-010-1-202-555-0100")]
    public async Task Destination_Costly_IsRefusedUnlessNamed(string written)
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var refused = await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(dinId, fwdId: written));
        refused.ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid").Pointers
            .ShouldBe(["/destinations/0/fwd_id"]);
        (await RouteAsync(dinId)).ShouldBe("");
    }

    [Fact]
    public async Task Prefixes_Written_AreNormalisedAndReachTheRoute()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var document = With(Tenant.NumberJson(dinId, fwdId: "+12025550100"), """["03", "+1", "0101"]""");
        var created = (await tenant.Admin.PostAsync("/v1/numbers", document)).Expect(HttpStatusCode.Created);
        var route = JsonSerializer.Deserialize(await RouteAsync(dinId), ContractJson.Default.RouteRecord)!;
        route.AllowedDestinations.ShouldBe(["03", "0101"]);
        route.Destinations[0].FwdId.ShouldBe("01012025550100");

        var path = "/v1/numbers/" + created["dialin_id"];
        (await tenant.Admin.PatchAsync(path, """{"destinations":[{"fwd_id":"0612345678"}]}"""))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid").Pointers
            .ShouldBe(["/destinations/0/fwd_id"]);
        (await tenant.Admin.PatchAsync(path, """{"allowed_destinations":[]}"""))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "invalid");
        (await tenant.Admin.PatchAsync(
            path, """{"allowed_destinations":null,"destinations":[{"fwd_id":"0612345678"}]}"""))
            .Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""["x"]""", 422, "/allowed_destinations/0")]
    [InlineData("""["03","+"]""", 422, "/allowed_destinations/1")]
    [InlineData("""[""]""", 422, "/allowed_destinations/0")]
    [InlineData("""[3]""", 400, "/allowed_destinations/0")]
    [InlineData("\"03\"", 400, "/allowed_destinations")]
    public async Task Prefixes_Unreadable_AreRefusedWithPointer(string prefixes, int status, string pointer)
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var dinId = Tenant.NextNumber();
        var answer = await tenant.Admin.PostAsync("/v1/numbers", With(Tenant.NumberJson(dinId), prefixes));
        ((int)answer.Status).ShouldBe(status);
        answer.Pointers.ShouldContain(pointer);
    }

    private static string With(string document, string prefixes)
    {
        var patch = JsonDocument.Parse($$"""{"allowed_destinations":{{prefixes}}}""").RootElement;
        return MergePatch.Apply(JsonDocument.Parse(document).RootElement, patch).GetRawText();
    }

    private async Task<string> RouteAsync(string dinId)
    {
        var answer = await stack.Redis.CommandAsync("GET", "ct:route:" + dinId);
        return answer.StartsWith("$-1", StringComparison.Ordinal) ? "" : answer.Split("\r\n")[1];
    }
}
