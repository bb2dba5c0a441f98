using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// ClickHouse's HTTP interface: statements, typed rows, raw streams, inserts with a deduplication token. Both planes
/// use it, against the embedded engine, a server or a cluster alike. Stateless but for the options; any thread. Every
/// failure is a <see cref="ClickHouseException"/>, also one that the server finds after it has answered 200.
/// </summary>
public sealed class ClickHouseClient
{
    private readonly HttpClient _http;
    private readonly ClickHouseOptions _options;

    public ClickHouseClient(HttpClient http, ClickHouseOptions options)
    {
        _http = http;
        _options = options;
    }

    public ClickHouseOptions Options => _options;

    /// <summary>Runs a statement that gives no rows; returns when the server has finished it.</summary>
    public Task ExecuteAsync(
        string sql, IReadOnlyDictionary<string, string>? parameters = null, CancellationToken ct = default) =>
        ExecuteAsync(sql, parameters, withDatabase: true, ct);

    /// <summary>The rows of a SELECT (without FORMAT), read as they come.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(
        string sql, JsonTypeInfo<T> type, IReadOnlyDictionary<string, string>? parameters = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var body = await StreamAsync(sql, "JSONEachRow", parameters, ct);
        using var lines = new JsonLineReader(body);
        while (await lines.NextAsync(ct) is { } line) yield return JsonLineReader.Parse(line, type);
    }

    /// <summary>The answer of a SELECT in any output format. Disposing the stream ends the query.</summary>
    public async Task<Stream> StreamAsync(
        string sql, string format, IReadOnlyDictionary<string, string>? parameters = null,
        CancellationToken ct = default)
    {
        using var request = new ClickHouseRequest(_options)
            .Set("default_format", format)
            .Set("output_format_json_quote_64bit_integers", 0)
            // An exception in mid-stream stays plain text behind its marker, whatever the format.
            .Set("http_write_exception_in_output_format", 0)
            .Parameters(parameters)
            .Post(SqlBody(sql));
        var answer = await SendAsync(request, ct);
        try
        {
            return new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(ct));
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Inserts whole rows in one block. With a token the server takes each token once (within the table's
    /// deduplication window), so an insert whose fate is unknown is repeated without harm.
    /// </summary>
    public async Task InsertAsync(
        string table, string columns, string format, ReadOnlyMemory<byte> rows, string? deduplicationToken = null,
        CancellationToken ct = default)
    {
        var url = new ClickHouseRequest(_options)
            .Set("query", $"INSERT INTO {table} ({columns}) FORMAT {format}")
            .Set("async_insert", 0)
            .Set("insert_deduplicate", 1)
            .Set("deduplicate_blocks_in_dependent_materialized_views", 1)
            .Set("wait_end_of_query", 1);
        if (deduplicationToken is not null) url.Set("insert_deduplication_token", deduplicationToken);
        using var request = url.Post(RowsBody(rows));
        await FinishAsync(request, ct);
    }

    internal async Task ExecuteAsync(
        string sql, IReadOnlyDictionary<string, string>? parameters, bool withDatabase, CancellationToken ct)
    {
        using var request = new ClickHouseRequest(_options, withDatabase)
            .Set("wait_end_of_query", 1)
            .Parameters(parameters)
            .Post(SqlBody(sql));
        await FinishAsync(request, ct);
    }

    private static StringContent SqlBody(string sql) => new(sql, Encoding.UTF8);

    private HttpContent RowsBody(ReadOnlyMemory<byte> rows)
    {
        if (!_options.GzipInserts) return new ReadOnlyMemoryContent(rows);
        using var packed = new MemoryStream(rows.Length / 3);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(rows.Span);
        var body = new ByteArrayContent(packed.GetBuffer(), 0, (int)packed.Length);
        body.Headers.ContentEncoding.Add("gzip");
        return body;
    }

    // Reads the answer to its end: only then is the statement done, and an exception may stand at the end.
    private async Task FinishAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSec));
        try
        {
            using var answer = await SendAsync(request, limit.Token);
            await using var body = new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(limit.Token));
            await body.CopyToAsync(Stream.Null, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw ClickHouseErrors.FromTimeout(_options.TimeoutSec);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSec));
        try
        {
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (answer.IsSuccessStatusCode && ClickHouseErrors.CodeIn(answer) is null) return answer;
            using (answer) throw await ClickHouseErrors.FromAnswerAsync(answer, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw ClickHouseErrors.FromTimeout(_options.TimeoutSec);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ClickHouseErrors.FromNetwork(e);
        }
    }
}
