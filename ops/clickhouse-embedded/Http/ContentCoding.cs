using System.IO.Compression;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>Compression of bodies by the names of HTTP. zstd and lz4 are not in the framework.</summary>
internal static class ContentCoding
{
    /// <summary>The body as it was before its Content-Encoding; null for one that is not known.</summary>
    public static Stream? Decode(Stream body, string coding) => coding.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => body,
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => null,
    };

    /// <summary>The coding of the response: gzip before br before deflate; null for none.</summary>
    public static string? Choose(string acceptEncoding)
    {
        string? chosen = null;
        foreach (var range in acceptEncoding.Split(','))
        {
            var parts = range.Split(';');
            var isRefused = parts.Length > 1 && parts[1].Trim() is "q=0" or "q=0.0";
            chosen = (parts[0].Trim().ToLowerInvariant(), isRefused) switch
            {
                ("gzip", false) => "gzip",
                ("br", false) when chosen is not "gzip" => "br",
                ("deflate", false) when chosen is null => "deflate",
                _ => chosen,
            };
        }

        return chosen;
    }

    public static Stream Encode(Stream target, string coding) => coding switch
    {
        "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
        _ => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
    };
}
