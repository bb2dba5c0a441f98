using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// Which page of a list is asked for: at most <paramref name="Limit"/> ids after <paramref name="After"/>.
/// </summary>
internal readonly record struct PageRequest(string After, int Limit)
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1000;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>; a problem when one of them is not acceptable.</summary>
    public static ProblemResult? Read(HttpContext context, out PageRequest page)
    {
        page = default;
        var query = context.Request.Query;
        var limit = LimitDefault;
        if (query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= LimitMax))
        {
            return Problems.BadRequest("bad_parameter", "A parameter is not acceptable.",
                new FieldError("limit", $"Must be a whole number from 1 to {LimitMax}."));
        }
        var after = query.TryGetValue("cursor", out var cursor) ? Open(cursor.ToString()) : "";
        if (after is null)
        {
            return Problems.BadRequest("bad_cursor", "The cursor is not one of ours.",
                new FieldError("cursor", "Use next_cursor of the page before."));
        }
        page = new PageRequest(after, limit);
        return null;
    }

    /// <summary>The cursor that continues after an id.</summary>
    public static string Seal(string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes("p1:" + id));

    private static string? Open(string cursor)
    {
        if (cursor.Length is 0 or > 200 || !Base64Url.IsValid(cursor)) return null;
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith("p1:", StringComparison.Ordinal) && Identifier.IsValid(text.AsSpan(3))
            ? text[3..] : null;
    }
}
