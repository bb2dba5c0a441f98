using System.Text.Json;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// A request's body, or the refusal it earned. Lives for one request; the document is owned by the request.
/// </summary>
/// <param name="Root">The root object; undefined when there is a problem.</param>
/// <param name="Problem">Null when the body is one well-formed JSON object.</param>
internal readonly record struct JsonBody(JsonElement Root, ProblemResult? Problem)
{
    /// <summary>The most bytes of a body.</summary>
    public const int LengthMax = 1024 * 1024;
    private const int DepthMax = 16;

    public static async Task<JsonBody> ReadAsync(HttpContext context)
    {
        if (!IsJson(context.Request.ContentType)) return new(default, Problems.NotJson());
        if (context.Request.ContentLength > LengthMax) return new(default, Problems.TooLarge());
        var bytes = await ReadBytesAsync(context);
        if (bytes is null) return new(default, Problems.TooLarge());
        if (JsonSyntax.Check(bytes, DepthMax) is { } error) return new(default, BrokenJson(error));
        var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DepthMax });
        context.Response.RegisterForDispose(document);
        if (document.RootElement.ValueKind == JsonValueKind.Object) return new(document.RootElement, null);
        return new(default, BrokenJson(new FieldError("", "The body must be one JSON object.", IsShape: true)));
    }

    private static ProblemResult BrokenJson(FieldError error) =>
        Problems.BadRequest("broken_json", "The body is no acceptable JSON document.", error);

    private static bool IsJson(string? contentType)
    {
        var type = (contentType ?? "").Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase);
    }

    // The length is checked while reading: a chunked body announces none.
    private static async Task<byte[]?> ReadBytesAsync(HttpContext context)
    {
        using var memory = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted);
            if (read == 0) return memory.ToArray();
            if (memory.Length + read > LengthMax) return null;
            await memory.WriteAsync(chunk.AsMemory(0, read), context.RequestAborted);
        }
    }
}
