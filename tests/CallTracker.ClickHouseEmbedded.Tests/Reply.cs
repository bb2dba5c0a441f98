using System.Net;
using System.Net.Http.Headers;
using CallTracker.TestKit.Servers;

namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>A response with its body read, for tests that look at status and headers.</summary>
internal sealed record Reply(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public string? ErrorCode => Header("X-ClickHouse-Exception-Code");

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public static Task<Reply> Get(ClickHouseServer server, string relative) =>
        Send(server, new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, relative)));

    public static Task<Reply> Post(ClickHouseServer server, string relative, string body) =>
        Post(server, relative, new StringContent(body));

    public static Task<Reply> Post(ClickHouseServer server, string relative, HttpContent body) =>
        Send(server, new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, relative)) { Content = body });

    public static async Task<Reply> Send(ClickHouseServer server, HttpRequestMessage request)
    {
        using (request)
        using (var response = await server.Http.SendAsync(request))
        {
            return new Reply(
                response.StatusCode, response.Headers, response.Content.Headers.ContentType?.ToString(),
                await response.Content.ReadAsByteArrayAsync());
        }
    }
}
