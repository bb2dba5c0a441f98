using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CallTracker.ControlPlane.Http;

/// <summary>Versions as entity tags (RFC 9110 section 8.8.3): <c>"42"</c>, always strong. Stateless.</summary>
internal static class EntityTag
{
    public static void Write(HttpContext context, ulong version) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>True when the request has no If-Match, or one that names this version or <c>*</c>.</summary>
    public static bool Admits(HttpContext context, ulong version)
    {
        var header = context.Request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header)) return true;
        var wanted = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        foreach (var line in header)
        {
            foreach (var tag in (line ?? "").Split(','))
            {
                if (tag.Trim() is "*" || tag.Trim() == wanted) return true;
            }
        }
        return false;
    }

    /// <summary>True when the client allows any version: another writer's change does not matter to it.</summary>
    public static bool IsUnconditional(HttpContext context) =>
        StringValues.IsNullOrEmpty(context.Request.Headers.IfMatch) || context.Request.Headers.IfMatch == "*";
}
