using System.Security.Cryptography;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// Gives each request an id of our own making (a client's header is not trusted into the log) and returns it in the
/// header Request-Id. Stateless.
/// </summary>
internal static class RequestId
{
    private static readonly object Key = new();

    public static string Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known)) return (string)known!;
        var id = RandomNumberGenerator.GetHexString(24, lowercase: true);
        context.Items[Key] = id;
        return id;
    }

    public static Task StampAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers["Request-Id"] = Of(context);
        return next(context);
    }
}
