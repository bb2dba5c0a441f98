using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>The product's HTTP side as a user sees it: the API with a key, pages without one, ClickHouse.</summary>
internal sealed class ProductHttp : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private readonly PortBlock _ports;
    private string _key = "";

    public ProductHttp(PortBlock ports) => _ports = ports;

    /// <summary>Where the control plane listens.</summary>
    public string ApiAddress => $"http://127.0.0.1:{_ports.Api}/";

    /// <summary>Takes the operator's key from the file that ops/run made.</summary>
    public void ReadKey(string path) => _key = File.ReadAllText(path).Trim();

    /// <summary>Creates or changes something; any other answer than success is an error.</summary>
    public async Task WriteAsync(HttpMethod method, string path, object body)
    {
        var (status, text) = await SendAsync(method, path, JsonSerializer.Serialize(body));
        if ((int)status is < 200 or > 299) throw new InvalidOperationException($"{method} {path}: {status} {text}");
    }

    /// <summary>One call of the API with the operator's key: status and body.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path,
        string? json = null)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{_ports.Api}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A file of the API with the operator's key.</summary>
    public async Task<byte[]> BytesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_ports.Api}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The call log's page for this query as JSON objects.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallsAsync(string query)
    {
        var (status, text) = await SendAsync(HttpMethod.Get, "/v1/calls?" + query);
        status.ShouldBe(HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("calls").EnumerateArray().Select(call => call.Clone())];
    }

    /// <summary>A page of the node (metrics, health) or, with another port, of something else.</summary>
    public Task<string> NodePageAsync(string path) => _http.GetStringAsync($"http://127.0.0.1:{_ports.Node}{path}");

    /// <summary>A page of the control plane that needs no key.</summary>
    public Task<string> ApiPageAsync(string path) => _http.GetStringAsync($"http://127.0.0.1:{_ports.Api}{path}");

    /// <summary>Rows of a query as JSON objects; an empty list while ClickHouse is away.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string sql)
    {
        using var content = new StringContent(sql + " FORMAT JSONEachRow", Encoding.UTF8);
        try
        {
            using var answer = await _http.PostAsync(
                $"http://127.0.0.1:{_ports.ClickHouse}/?output_format_json_quote_64bit_integers=0", content);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{sql}: {text}");
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
