using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Provisioning;

/// <summary>Bodies that are no acceptable JSON, and requests that fit no endpoint.</summary>
public sealed class BodyTests(Stack stack)
{
    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("7", "")]
    [InlineData("""{"client_name":"x",}""", "/client_name")]
    [InlineData("""{"client_name":tru}""", "/client_name")]
    [InlineData("""{"client_name":"x","client_name":"y"}""", "/client_name")]
    [InlineData("""{"a":[1,{"b":nul}]}""", "/a/1/b")]
    [InlineData("""{"client_name":"\ud800"}""", "/client_name")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""", null)]
    public async Task Post_BrokenJson_Is400WithPointer(string json, string? pointer)
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.PostAsync("/v1/advertisers", json);
        answer.ExpectProblem(HttpStatusCode.BadRequest, "broken_json");
        if (pointer is not null) answer.Pointers.ShouldBe([pointer]);
    }

    [Fact]
    public async Task Post_InvalidUtf8_Is400()
    {
        var tenant = await stack.NewTenantAsync();
        var bytes = Encoding.UTF8.GetBytes("""{"client_name":"x"}""");
        bytes[^3] = 0xFF;
        var answer = await tenant.Admin.SendAsync(HttpMethod.Post, "/v1/advertisers", null, r => r.Content =
            Json(bytes));
        answer.ExpectProblem(HttpStatusCode.BadRequest, "broken_json");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOverTheLimit_Is413(bool isChunked)
    {
        var tenant = await stack.NewTenantAsync();
        var bytes = new byte[JsonBody.LengthMax + 1];
        Array.Fill(bytes, (byte)' ');
        var answer = await tenant.Admin.SendAsync(HttpMethod.Post, "/v1/advertisers", null, request =>
        {
            request.Content = Json(bytes);
            request.Headers.TransferEncodingChunked = isChunked ? true : null;
        });
        answer.ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Post_OtherMediaType_Is415()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = await tenant.Admin.SendAsync(HttpMethod.Post, "/v1/advertisers", "{}", request =>
            request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain"));
        answer.ExpectProblem(HttpStatusCode.UnsupportedMediaType, "not_json");
    }

    [Fact]
    public async Task Request_ToNoEndpoint_Is404Or405()
    {
        var tenant = await stack.NewTenantAsync();
        (await tenant.Admin.GetAsync("/v1/nothing")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        var answer = await tenant.Admin.DeleteAsync("/v1/numbers");
        answer.ExpectProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        answer.Response.Content.Headers.Allow.ShouldBe(["GET", "POST"], ignoreOrder: true);
    }

    [Fact]
    public void Syntax_EveryPrefixOfADocument_IsRefusedWithoutThrowing()
    {
        var json = Encoding.UTF8.GetBytes("""{"a":[1,{"b":"é\u00e9\n"},null,true,-1.5e3],"c~/":{}}""");
        for (var length = 0; length < json.Length; length++)
        {
            JsonSyntax.Check(json.AsSpan(0, length), depthMax: 16).ShouldNotBeNull();
        }
        JsonSyntax.Check(json, depthMax: 16).ShouldBeNull();
    }

    private static ByteArrayContent Json(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
