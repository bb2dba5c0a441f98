using System.Diagnostics.Metrics;

namespace CallTracker.ControlPlane.Observability;

/// <summary>Counts and times requests by route pattern (never by path, which has ids) and status. Any thread.</summary>
internal sealed class HttpMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.ControlPlane.Http");
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public HttpMetrics()
    {
        _requests = _meter.CreateCounter<long>("calltracker_http_requests", "{request}", "HTTP requests answered.");
        _duration = _meter.CreateHistogram<double>("calltracker_http_request_duration", "s",
            "Time from a request's arrival to its answer; streams are not timed.");
    }

    public void Answered(string method, string route, int status, TimeSpan elapsed, bool isStream)
    {
        KeyValuePair<string, object?> routeTag = new("route", route);
        _requests.Add(1, new("method", method), routeTag, new("status", status));
        if (!isStream) _duration.Record(elapsed.TotalSeconds, new("method", method), routeTag);
    }

    public void Dispose() => _meter.Dispose();
}
