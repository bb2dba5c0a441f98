using CallTracker.Calls.Stir;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Certificates by x5u: each fetched once, however many calls name it, kept as long as its server says and no longer
/// than it is valid. What failed is remembered for a moment too, so that a flood of bad URLs makes few requests. Any
/// thread.
/// </summary>
internal sealed class CertificateCache(
    StirOptions options, CertificateFetcher fetcher, TrustAnchors anchors, IClock clock, StirServiceCounters counters)
{
    private const int FailedMs = 15_000;
    private static readonly CertificateAnswer Busy = new(null, StirReason.BadIdentityInfo, 0);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<CertificateAnswer>> _known = new(StringComparer.Ordinal);
    private int _fetching;

    public int Count
    {
        get
        {
            lock (_lock) return _known.Count;
        }
    }

    /// <summary>The certificate behind a URL; complete at once when it is known.</summary>
    public ValueTask<CertificateAnswer> FindAsync(string url, CancellationToken ct)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(url, out var answer) && !IsOver(answer)) return new(answer);
            if (_fetching >= options.FetchesMax) return new(Busy);
            if (_known.Count >= options.CertificatesMax && !_known.ContainsKey(url)) MakeRoom();
            _fetching++;
            return new(_known[url] = Task.Run(() => FetchAsync(url, ct), CancellationToken.None));
        }
    }

    private async Task<CertificateAnswer> FetchAsync(string url, CancellationToken ct)
    {
        try
        {
            var fetched = await fetcher.TryFetchAsync(url, ct);
            var nowMs = clock.UnixMs;
            counters.CountFetch(fetched is not null);
            if (fetched is null) return new(null, StirReason.BadIdentityInfo, nowMs + FailedMs);
            var certificate = CertificateReader.TryRead(fetched.Value.Pem, anchors, nowMs);
            return certificate is null
                ? new(null, StirReason.UnsupportedCredential, nowMs + FailedMs)
                : new(certificate, StirReason.None, nowMs + (fetched.Value.KeepSec * 1000L));
        }
        finally
        {
            lock (_lock) _fetching--;
        }
    }

    private bool IsOver(Task<CertificateAnswer> answer) =>
        answer.IsCompleted && (!answer.IsCompletedSuccessfully || answer.Result.UntilMs <= clock.UnixMs);

    // Rare: the table is full. What is over goes; when nothing is, the one that would go first.
    private void MakeRoom()
    {
        var first = "";
        var firstMs = long.MaxValue;
        foreach (var (url, answer) in _known.ToArray())
        {
            if (!answer.IsCompletedSuccessfully) continue;
            if (answer.Result.UntilMs <= clock.UnixMs) _known.Remove(url);
            else if (answer.Result.UntilMs < firstMs) (first, firstMs) = (url, answer.Result.UntilMs);
        }
        if (_known.Count >= options.CertificatesMax) _known.Remove(first);
    }
}
