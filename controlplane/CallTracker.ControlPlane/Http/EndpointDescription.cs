namespace CallTracker.ControlPlane.Http;

/// <summary>What OpenAPI says about an endpoint, beside its mapping. Stateless.</summary>
internal static class EndpointDescription
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string summary, string description) =>
        endpoint.WithSummary(summary).WithDescription(description)
            .Produces<ProblemDocument>(StatusCodes.Status400BadRequest, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status401Unauthorized, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status403Forbidden, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status404NotFound, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status503ServiceUnavailable, ProblemResult.ContentType);

    /// <summary>Adds the refusals that only writing can earn.</summary>
    public static RouteHandlerBuilder DescribeWrite(
        this RouteHandlerBuilder endpoint, string summary, string description) =>
        endpoint.Describe(summary, description)
            .Produces<ProblemDocument>(StatusCodes.Status409Conflict, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status412PreconditionFailed, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status413PayloadTooLarge, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status415UnsupportedMediaType, ProblemResult.ContentType)
            .Produces<ProblemDocument>(StatusCodes.Status422UnprocessableEntity, ProblemResult.ContentType);
}
