namespace CallTracker.Backends.Tests.Shipping;

/// <summary>The way to ClickHouse, which breaks before or after an insert is done.</summary>
internal sealed class FaultyHandler : DelegatingHandler
{
    public FaultyHandler() : base(new HttpClientHandler())
    {
    }

    /// <summary>Inserts that never arrive.</summary>
    public int BreakBefore { get; set; }
    /// <summary>Inserts that are done, and whose answer is lost.</summary>
    public int BreakAfter { get; set; }
    public int Inserts { get; private set; }
    public List<string> Tokens { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var query = Uri.UnescapeDataString(request.RequestUri!.Query);
        if (!query.Contains("INSERT INTO call_records", StringComparison.Ordinal))
            return await base.SendAsync(request, ct);
        Inserts++;
        Tokens.Add(query.Split("insert_deduplication_token=")[1].Split('&')[0]);
        if (BreakBefore-- > 0) throw new HttpRequestException("broken before");
        var answer = await base.SendAsync(request, ct);
        if (BreakAfter-- <= 0) return answer;
        await answer.Content.ReadAsByteArrayAsync(ct);
        throw new HttpRequestException("broken after");
    }
}
