using System.Net;
using System.Text.Json;
using Shouldly;

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>What the API answered: status, headers and body.</summary>
internal sealed record Answer(HttpResponseMessage Response, string Text)
{
    private JsonElement? _json;

    public HttpStatusCode Status => Response.StatusCode;

    public JsonElement Json => _json ??= JsonDocument.Parse(Text).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    public string? ETag => Response.Headers.ETag?.ToString();

    public string[] Pointers =>
        [.. Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!)];

    public string this[string member] => Json.GetProperty(member).ToString();

    /// <summary>Fails with the body when the status is another.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    /// <summary>A problem document of this status and code.</summary>
    public Answer ExpectProblem(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Text);
        Response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        Code.ShouldBe(code);
        Json.GetProperty("status").GetInt32().ShouldBe((int)status);
        this["request_id"].ShouldBe(Response.Headers.GetValues("Request-Id").Single());
        return this;
    }
}
