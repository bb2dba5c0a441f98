using System.Net;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>A ClickHouse that answers as the test says and keeps what it was asked.</summary>
internal sealed class ScriptedHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Uri> Urls { get; } = [];
    public List<byte[]> Bodies { get; } = [];

    public static HttpResponseMessage Text(HttpStatusCode status, string text, int? code = null, string? tag = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(text) };
        if (code is not null) response.Headers.Add("X-ClickHouse-Exception-Code", $"{code}");
        if (tag is not null) response.Headers.Add("X-ClickHouse-Exception-Tag", tag);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        Urls.Add(request.RequestUri!);
        Bodies.Add(request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(ct));
        return answer(request);
    }
}
