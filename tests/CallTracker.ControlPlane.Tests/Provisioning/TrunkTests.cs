using System.Net;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.ControlPlane.Tests.Kit;
using CallTracker.ControlPlane.Trunks;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>/v1/trunks and the forms of addresses.</summary>
public sealed class TrunkTests(Stack stack)
{
    [Fact]
    public async Task Post_WholeTrunk_IsNormalisedAndWrittenForTheNodes()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", """
            {"name":"carrier","address":"SIP.Example.jp:5070","prefixes":["+81 3","0120-","","+81 3"],
             "inbound_from":["192.0.2.1","192.0.2.0/24","[2001:db8::1]:5060"],"priority":5,"trusted":false}
            """);
        answer.Expect(HttpStatusCode.Created);
        var hash = (await stack.Redis.CommandAsync("HGET", "ct:trunks", answer["trunk_id"])).Split("\r\n")[1];
        var trunk = JsonSerializer.Deserialize(hash, ContractJson.Default.TrunkRecord)!;
        trunk.Address.ShouldBe("sip.example.jp:5070");
        trunk.Prefixes.ShouldBe(["03", "0120", ""]);
        trunk.InboundFrom.ShouldBe(["192.0.2.1", "192.0.2.0/24", "[2001:db8::1]:5060"]);
        (trunk.Priority, trunk.Trusted, trunk.OperatorId).ShouldBe((5, false, tenant.OperatorId));
        (await stack.Redis.CommandAsync("XRANGE", "ct:changes", $"{trunk.Version}-0", $"{trunk.Version}-0"))
            .ShouldContain("trunk");
    }

    [Theory]
    [InlineData("""{"name":"t","address":"x:0"}""", 422, "/address")]
    [InlineData("""{"name":"t","address":"1.2.3"}""", 422, "/address")]
    [InlineData("""{"name":"t","address":"-x.jp"}""", 422, "/address")]
    [InlineData("""{"address":"x:5060"}""", 422, "/name")]
    [InlineData("""{"name":"t","address":"x:5060","prefixes":["a"]}""", 422, "/prefixes/0")]
    [InlineData("""{"name":"t","address":"x:5060","prefixes":"03"}""", 400, "/prefixes")]
    [InlineData("""{"name":"t","address":"x:5060","inbound_from":["x y"]}""", 422, "/inbound_from/0")]
    [InlineData("""{"name":"t","address":"x:5060","inbound_from":["10.0.0.1/8"]}""", 422, "/inbound_from/0")]
    [InlineData("""{"name":"t","address":"x:5060","inbound_from":[1]}""", 400, "/inbound_from/0")]
    [InlineData("""{"name":"t","address":"x:5060","priority":-1}""", 422, "/priority")]
    public async Task Post_BadDocument_IsRefusedWithPointer(string json, int status, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/trunks", json);
        answer.ExpectProblem((HttpStatusCode)status, status == 422 ? "invalid" : "malformed")
            .Pointers.ShouldContain(pointer);
    }

    [Fact]
    public async Task Trunk_OfAnotherOperator_IsNotFound()
    {
        var tenant = await stack.NewTenantAsync();
        var other = await stack.NewTenantAsync();
        var trunk = await tenant.Admin.PostAsync("/v1/trunks", """{"name":"t","address":"192.0.2.1"}""");
        var path = "/v1/trunks/" + trunk["trunk_id"];
        (await other.Admin.GetAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await other.Admin.PutAsync(path, """{"name":"t","address":"x"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Admin.GetAsync("/v1/trunks")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await tenant.Admin.PatchAsync(path,
                """{"enabled":false}"""))
            .Expect(HttpStatusCode.OK)["enabled"].ShouldBe("False");
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("sip.example.jp", "sip.example.jp")]
    [InlineData("192.0.2.1:5061", "192.0.2.1:5061")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("[2001:db8::1]:5080", "[2001:db8::1]:5080")]
    [InlineData("2001:db8::1", "[2001:db8::1]")]
    [InlineData("host:", null)]
    [InlineData("host:65536", null)]
    [InlineData("[2001:db8::1]x", null)]
    [InlineData("[::1", null)]
    [InlineData("a..b", null)]
    [InlineData("0x7f.1", "0x7f.1")]
    [InlineData("127.1", null)]
    [InlineData("", null)]
    [InlineData("a b", null)]
    public void Target_WrittenForm_IsAcceptedOrRefused(string text, string? expected) =>
        TrunkAddress.Target(text).ShouldBe(expected);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1:5060", "192.0.2.1:5060")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("192.0.2.0/33", null)]
    [InlineData("192.0.2.0/", null)]
    [InlineData("10.1/16", null)]
    [InlineData("SIP.Example.jp", "sip.example.jp")]
    [InlineData("sip.example.jp:5070", "sip.example.jp:5070")]
    [InlineData("sip.example.jp:0", null)]
    [InlineData("a:b:c", null)]
    [InlineData("192.0.2", null)]
    [InlineData("a b", null)]
    public void Source_WrittenForm_IsAcceptedOrRefused(string text, string? expected) =>
        TrunkAddress.Source(text).ShouldBe(expected);
}
