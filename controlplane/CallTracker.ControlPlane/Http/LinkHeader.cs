namespace CallTracker.ControlPlane.Http;

/// <summary>The Link header that leads to the next page (RFC 8288). Stateless.</summary>
internal static class LinkHeader
{
    /// <summary>
    /// <c>&lt;/v1/calls?limit=10&amp;cursor=x&gt;; rel="next"</c>: the request's own query with another cursor.
    /// </summary>
    public static void WriteNext(HttpContext context, string cursor)
    {
        var query = QueryString.Empty;
        foreach (var (name, values) in context.Request.Query)
        {
            if (name == "cursor") continue;
            foreach (var value in values) query = query.Add(name, value ?? "");
        }
        query = query.Add("cursor", cursor);
        context.Response.Headers.Link =
            $"<{context.Request.Path.ToUriComponent()}{query.ToUriComponent()}>; rel=\"next\"";
    }
}
