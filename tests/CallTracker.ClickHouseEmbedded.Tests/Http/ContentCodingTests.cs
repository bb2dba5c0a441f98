using CallTracker.ClickHouseEmbedded.Http;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>Which compression is chosen. No engine.</summary>
public sealed class ContentCodingTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("zstd, lz4", null)]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate, br;q=0.9, gzip;q=0.5", "gzip")]
    [InlineData("br, deflate", "br")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip;q=0, br", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData(",;,=", null)]
    public void Coding_ForAnAcceptEncoding_IsTheBestKnown(string accepted, string? chosen)
    {
        ContentCoding.Choose(accepted).ShouldBe(chosen);
    }

    [Fact]
    public void Coding_NotKnown_IsNoStream()
    {
        ContentCoding.Decode(Stream.Null, "zstd").ShouldBeNull();
    }
}
