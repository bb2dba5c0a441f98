using System.IO.Compression;
using System.Text;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>Compressed responses, short and long.</summary>
public sealed class CompressionHttpTests(SharedServer shared)
{
    [Theory]
    [InlineData("gzip", 3)]
    [InlineData("gzip", 500_000)]
    [InlineData("br", 500_000)]
    [InlineData("deflate", 500_000)]
    public async Task Response_Accepted_IsCompressed(string coding, int rows)
    {
        using var response = await AskAsync(coding, "enable_http_compression=1", rows);

        response.Content.Headers.ContentEncoding.ShouldBe([coding]);
        await using var body = await response.Content.ReadAsStreamAsync();
        using var text = new StreamReader(Unpack(body, coding), Encoding.UTF8);
        var lines = (await text.ReadToEndAsync()).TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(rows);
        lines[^1].ShouldBe($"{rows - 1}");
    }

    [Theory]
    [InlineData("gzip", "enable_http_compression=0")]
    [InlineData("zstd", "enable_http_compression=1")]
    public async Task Response_NotWanted_IsPlain(string coding, string url)
    {
        using var response = await AskAsync(coding, url, 2);

        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldBe("0\n1\n");
    }

    private async Task<HttpResponseMessage> AskAsync(string coding, string url, int rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shared.Server.Address, $"?{url}"))
        {
            Content = new StringContent($"SELECT number FROM numbers({rows})"),
        };
        request.Headers.AcceptEncoding.ParseAdd(coding);
        return await shared.Server.Http.SendAsync(request);
    }

    private static Stream Unpack(Stream body, string coding) => coding switch
    {
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => new ZLibStream(body, CompressionMode.Decompress),
    };
}
