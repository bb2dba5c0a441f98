using System.Net.Http.Headers;
using System.Text;

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>Speaks HTTP to the control plane with one API key. Owned by a test.</summary>
internal sealed class ApiClient(Uri address, string? key)
{
    private static readonly SocketsHttpHandler Handler = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(1) };
    private readonly HttpClient _http = new(Handler, disposeHandler: false) { BaseAddress = address };

    public string? Key => key;

    public Task<Answer> GetAsync(string path, string? accept = null) =>
        SendAsync(HttpMethod.Get, path, null, request =>
        {
            if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        });

    public Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<Answer> PutAsync(string path, string json, string? ifMatch = null) =>
        SendAsync(HttpMethod.Put, path, json, Conditional(ifMatch));

    public Task<Answer> PatchAsync(string path, string json, string? ifMatch = null) =>
        SendAsync(HttpMethod.Patch, path, json, Conditional(ifMatch));

    public Task<Answer> DeleteAsync(string path, string? ifMatch = null) =>
        SendAsync(HttpMethod.Delete, path, null, Conditional(ifMatch));

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? json, Action<HttpRequestMessage>? change = null)
    {
        using var request = Request(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        change?.Invoke(request);
        var response = await _http.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a stream of server-sent events.</summary>
    public async Task<EventReader> StreamAsync(string path, string? lastEventId = null)
    {
        using var request = Request(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await EventReader.OpenAsync(response);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static Action<HttpRequestMessage>? Conditional(string? ifMatch) =>
        ifMatch is null ? null : request => request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
}
