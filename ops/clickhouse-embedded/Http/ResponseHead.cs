using System.Diagnostics;
using System.Globalization;
using CallTracker.ClickHouseEmbedded.Engine;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>The X-ClickHouse-* headers. Belongs to one request.</summary>
internal sealed class ResponseHead(HttpResponse response, ServerFacts facts)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    public double ElapsedMs => Stopwatch.GetElapsedTime(_startedAt).TotalMilliseconds;

    public void Describe(QueryRequest request)
    {
        response.Headers["X-ClickHouse-Query-Id"] = request.QueryId;
        response.Headers["X-ClickHouse-Server-Display-Name"] = facts.DisplayName;
        response.Headers["X-ClickHouse-Timezone"] = facts.TimeZone;
    }

    public void DescribeFormat(string format)
    {
        response.ContentType = facts.Formats.ContentType(format);
        response.Headers["X-ClickHouse-Format"] = ServerLog.Escape(format);
    }

    /// <summary>
    /// Complete when the result was held back to its end; when the rows are sent while they are made, the header goes
    /// before the counts are known and says 0, as a server's does.
    /// </summary>
    public void Summarise(EngineResult? result)
    {
        var elapsedNs = (long)(ElapsedMs * 1_000_000);
        response.Headers["X-ClickHouse-Summary"] = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"read_rows":"{{result?.ReadRows}}","read_bytes":"{{result?.ReadBytes}}",
            """
            + $$"""
            "written_rows":"{{result?.WrittenRows}}","written_bytes":"{{result?.WrittenBytes}}",
            """
            + $$"""
            "total_rows_to_read":"0","result_rows":"{{Rows(result)}}","result_bytes":"{{Bytes(result)}}",
            """
            + $$"""
            "elapsed_ns":"{{elapsedNs}}"}
            """);
    }

    private static ulong Rows(EngineResult? result) => Math.Max(result?.ResultRows ?? 0, result?.WrittenRows ?? 0);

    private static ulong Bytes(EngineResult? result) => Math.Max(result?.ResultBytes ?? 0, result?.WrittenBytes ?? 0);
}
