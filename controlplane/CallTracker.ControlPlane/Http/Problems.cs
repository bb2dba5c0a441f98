namespace CallTracker.ControlPlane.Http;

/// <summary>Every refusal the API gives, in one place. Stateless.</summary>
internal static class Problems
{
    public static ProblemResult BadRequest(string code, string detail, params FieldError[] errors) =>
        new(StatusCodes.Status400BadRequest, code, detail, errors.Length == 0 ? null : errors);

    public static ProblemResult KeyMissing() => new(StatusCodes.Status401Unauthorized, "key_missing",
        "Send the API key as Authorization: Bearer <key>.");

    public static ProblemResult KeyUnknown() => new(StatusCodes.Status401Unauthorized, "key_unknown",
        "The API key is unknown, revoked or expired.");

    public static ProblemResult ScopeMissing(string scope) => new(StatusCodes.Status403Forbidden, "scope_missing",
        $"The API key lacks the scope {scope}.");

    public static ProblemResult OtherTenant(string detail) =>
        new(StatusCodes.Status403Forbidden, "tenant_forbidden", detail);

    public static ProblemResult NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}.");

    public static ProblemResult Conflict(string code, string detail, params FieldError[] errors) =>
        new(StatusCodes.Status409Conflict, code, detail, errors.Length == 0 ? null : errors);

    public static ProblemResult Changed() => new(StatusCodes.Status412PreconditionFailed, "changed",
        "The resource is no longer at the version that If-Match names.");

    public static ProblemResult TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "body_too_large",
        $"A body may have {JsonBody.LengthMax} bytes.");

    public static ProblemResult NotJson() => new(StatusCodes.Status415UnsupportedMediaType, "not_json",
        "The body must be application/json.");

    public static ProblemResult Invalid(params IReadOnlyList<FieldError> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, "invalid", "Some values are not acceptable.", errors);

    public static ProblemResult Unavailable(string what) =>
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", $"{what} cannot be reached at the moment.")
        {
            RetryAfterSec = 2,
        };

    public static ProblemResult TooManyStreams() =>
        new(StatusCodes.Status503ServiceUnavailable, "streams_exhausted", "All streams are taken.")
        {
            RetryAfterSec = 10,
        };

    public static ProblemResult Internal() => new(StatusCodes.Status500InternalServerError, "internal",
        "The request failed; the request id finds it in the log.");

    /// <summary>A bare status set by the framework (404 for an unknown path, 405, 400 of the server).</summary>
    public static ProblemResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("resource"),
        StatusCodes.Status405MethodNotAllowed => new(status, "method_not_allowed", "See the Allow header."),
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => NotJson(),
        _ => new(status, "refused", "The request was refused."),
    };
}
