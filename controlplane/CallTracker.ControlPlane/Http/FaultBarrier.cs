using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// The outermost catch of a request: a backend that is away becomes 503, a mistake of ours 500 without detail. When the
/// answer has begun the connection is cut instead, so that nobody takes half a list for a whole one.
/// </summary>
internal sealed class FaultBarrier(RequestDelegate next, ILogger<FaultBarrier> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; nobody reads an answer.
        }
        catch (Exception e)
        {
            var problem = ProblemOf(e, RequestId.Of(context));
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }
            context.Response.Headers.Remove("ETag");
            await problem.ExecuteAsync(context);
        }
    }

    private ProblemResult ProblemOf(Exception exception, string requestId)
    {
        switch (exception)
        {
            case StoreUnavailableException:
                log.BackendAway(requestId, "Redis", exception.Message);
                return Problems.Unavailable("Redis");
            case ClickHouseException { IsTransient: true }:
                log.BackendAway(requestId, "ClickHouse", exception.Message);
                return Problems.Unavailable("ClickHouse");
            case RecordingBucketException:
                log.BackendAway(requestId, "The store of recordings", exception.Message);
                return Problems.Unavailable("The store of recordings");
            case BadHttpRequestException refused:
                return Problems.OfStatus(refused.StatusCode);
            default:
                log.RequestFailed(requestId, exception);
                return Problems.Internal();
        }
    }
}
