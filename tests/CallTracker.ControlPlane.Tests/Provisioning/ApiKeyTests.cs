using System.Net;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>API keys: making them, what they open, whom they see.</summary>
public sealed class ApiKeyTests(Stack stack)
{
    [Fact]
    public async Task Request_WithoutKnownKey_Is401WithChallenge()
    {
        foreach (var key in (string?[])[null, "nonsense", ApiKeyText.Make()])
        {
            var answer = await stack.Client(key).GetAsync("/v1/numbers");
            answer.ExpectProblem(HttpStatusCode.Unauthorized, key is null ? "key_missing" : "key_unknown");
            answer.Response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task Post_NewKey_IsShownOnceAndKeptAsHashOnly()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/api-keys", """{"name":"bi","scopes":["calls:read"]}""");
        answer.Expect(HttpStatusCode.Created);
        var text = answer["key"];
        text.ShouldMatch("^ctk_live_[0-9A-Za-z]{43}$");
        var id = answer.Json.GetProperty("api_key").GetProperty("key_id").GetString();
        (await tenant.Admin.GetAsync("/v1/api-keys/" + id)).Text.ShouldNotContain(text);
        (await tenant.Admin.GetAsync("/v1/api-keys")).Text.ShouldNotContain(text[12..]);
        (await stack.Redis.CommandAsync("GET", "ct:apikey:" + ApiKeyText.Hash(text))).ShouldNotContain(text[13..]);
    }

    [Theory]
    [InlineData("calls:read", "GET", "/v1/numbers")]
    [InlineData("numbers:read", "POST", "/v1/numbers")]
    [InlineData("numbers:write", "GET", "/v1/trunks")]
    [InlineData("numbers:read", "GET", "/v1/calls")]
    [InlineData("numbers:read", "GET", "/v1/calls/stream")]
    [InlineData("trunks:read", "POST", "/v1/trunks")]
    [InlineData("judge:read", "POST", "/v1/judgement-rules")]
    [InlineData("numbers:write", "POST", "/v1/api-keys")]
    public async Task Key_WithoutScope_Is403(string scope, string method, string path)
    {
        var client = await (await stack.NewTenantAsync()).KeyAsync(scope);
        var json = method == "GET" ? null : "{}";
        (await client.SendAsync(new HttpMethod(method), path, json))
            .ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
    }

    [Fact]
    public async Task Key_ThatMayWrite_MayRead()
    {
        var client = await (await stack.NewTenantAsync()).KeyAsync("numbers:write");
        (await client.GetAsync("/v1/numbers")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_OfOneAdvertiser_SeesThatAdvertiserAlone()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        await tenant.WithAdvertiserAsync("c2");
        var own = Tenant.NextNumber();
        var foreign = Tenant.NextNumber();
        await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(own));
        await tenant.Admin.PostAsync("/v1/numbers", Tenant.NumberJson(foreign, "c2"));
        var bound = await tenant.KeyAsync("admin", "c1");

        (await bound.GetAsync("/v1/numbers")).Text.ShouldNotContain(foreign);
        (await bound.GetAsync("/v1/numbers?client_id=c2")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await bound.GetAsync("/v1/numbers/" + own)).Expect(HttpStatusCode.OK);
        (await bound.GetAsync("/v1/numbers/" + foreign)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        (await bound.DeleteAsync("/v1/numbers/" + foreign)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await bound.GetAsync("/v1/advertisers/c2")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await bound.GetAsync("/v1/advertisers")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await bound.GetAsync("/v1/trunks")).ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        (await bound.PostAsync("/v1/numbers", Tenant.NumberJson(Tenant.NextNumber(), "c2")))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        (await bound.PatchAsync("/v1/numbers/" + own, """{"client_id":"c2"}"""))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        (await bound.PostAsync("/v1/api-keys", """{"name":"k","scopes":["calls:read"],"client_id":"c2"}"""))
            .ExpectProblem(HttpStatusCode.Forbidden, "tenant_forbidden");
        var derived = await bound.PostAsync("/v1/api-keys", """{"name":"k","scopes":["calls:read"]}""");
        derived.Json.GetProperty("api_key").GetProperty("client_id").GetString().ShouldBe("c1");
    }

    [Fact]
    public async Task Key_CannotGiveRightsItLacks_Is403()
    {
        var client = await (await stack.NewTenantAsync()).KeyAsync("keys:write calls:read");
        (await client.PostAsync("/v1/api-keys", """{"name":"k","scopes":["pii:read"]}"""))
            .ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        (await client.PostAsync("/v1/api-keys",
                """{"name":"k","scopes":["calls:read"]}"""))
            .Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"name":"k","scopes":[]}""", 422, "/scopes")]
    [InlineData("""{"name":"k","scopes":["all"]}""", 422, "/scopes/0")]
    [InlineData("""{"name":"k","scopes":["admin"],"client_id":"nobody"}""", 422, "/client_id")]
    [InlineData("""{"name":"k","scopes":["admin"],"expires_at":"2001-01-01T00:00:00Z"}""", 422, "/expires_at")]
    [InlineData("""{"scopes":["admin"]}""", 422, "/name")]
    public async Task Post_BadDocument_IsRefusedWithPointer(string json, int status, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/api-keys", json);
        answer.Expect((HttpStatusCode)status).Pointers.ShouldContain(pointer);
    }

    [Fact]
    public async Task Delete_Key_EndsItsRights()
    {
        var tenant = await stack.NewTenantAsync();
        var made = await tenant.Admin.PostAsync("/v1/api-keys", """{"name":"k","scopes":["admin"]}""");
        var client = stack.Client(made["key"]);
        var path = "/v1/api-keys/" + made.Json.GetProperty("api_key").GetProperty("key_id").GetString();
        (await client.GetAsync("/v1/numbers")).Expect(HttpStatusCode.OK);
        (await (await stack.NewTenantAsync()).Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        (await client.GetAsync("/v1/numbers")).ExpectProblem(HttpStatusCode.Unauthorized, "key_unknown");
    }

    [Fact]
    public async Task Key_PastItsEnd_IsUnknown()
    {
        var tenant = await stack.NewTenantAsync();
        var end = DateTimeOffset.UtcNow.AddSeconds(1.5).ToString("O");
        var made = await tenant.Admin.PostAsync("/v1/api-keys",
            $$"""{"name":"k","scopes":["admin"],"expires_at":"{{end}}"}""");
        var client = stack.Client(made.Expect(HttpStatusCode.Created)["key"]);
        (await client.GetAsync("/v1/numbers")).Expect(HttpStatusCode.OK);
        await Stack.UntilAsync("expired", async () =>
            (await client.GetAsync("/v1/numbers")).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void Cache_AtItsBound_DoesNotGrow()
    {
        var cache = new ApiKeyCache(TimeProvider.System);
        var key = new ApiKeyRecord { KeyId = "k", OperatorId = "o", Name = "n", Scopes = [] };
        for (var i = 0; i <= ApiKeyCache.EntriesMax; i++) cache.Keep(i.ToString(), key);
        cache.Count.ShouldBeLessThanOrEqualTo(ApiKeyCache.EntriesMax);
        cache.Find(ApiKeyCache.EntriesMax.ToString()).ShouldBe(key);
    }
}
