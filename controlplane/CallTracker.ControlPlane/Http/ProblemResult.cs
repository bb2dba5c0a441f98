using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace CallTracker.ControlPlane.Http;

/// <summary>Writes a refusal as <c>application/problem+json</c>. Made per request.</summary>
internal sealed class ProblemResult(int status, string code, string detail, IReadOnlyList<FieldError>? errors = null)
    : IResult
{
    public const string ContentType = "application/problem+json";

    public string Code => code;

    public int Status => status;

    /// <summary>Seconds after which the client may try again; set for 503.</summary>
    public int? RetryAfterSec { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSec is { } afterSec)
        {
            response.Headers.RetryAfter = afterSec.ToString(CultureInfo.InvariantCulture);
        }
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = code == "key_missing" ? "Bearer" : "Bearer error=\"invalid_token\"";
        }
        return JsonSerializer.SerializeAsync(
            response.Body, Document(httpContext), ApiJson.Wire.ProblemDocument, httpContext.RequestAborted);
    }

    private ProblemDocument Document(HttpContext context) => new()
    {
        Type = "urn:calltracker:problem:" + code,
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Code = code,
        Errors = errors?.Select(e => new ProblemError(e.Pointer, e.Detail)).ToArray(),
        RequestId = RequestId.Of(context),
    };
}
