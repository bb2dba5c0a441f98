namespace CallTracker.ControlPlane.Observability;

/// <summary>Reports each request to <see cref="HttpMetrics"/> when it is over.</summary>
internal sealed class HttpMeasurement(RequestDelegate next, HttpMetrics metrics, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            var isStream = context.Response.ContentType is "text/event-stream";
            var status = context.Response.StatusCode;
            metrics.Answered(Method(context), route, status, clock.GetElapsedTime(start), isStream);
        }
    }

    // The method is the client's text; only known ones become label values.
    private static string Method(HttpContext context) => context.Request.Method switch
    {
        "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" => context.Request.Method,
        _ => "other",
    };
}
