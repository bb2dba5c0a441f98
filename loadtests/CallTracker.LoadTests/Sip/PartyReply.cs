namespace CallTracker.LoadTests.Sip;

/// <summary>Writes a response: what RFC 3261 section 8.2.6.2 wants copied, and a body when there is one.</summary>
internal static class PartyReply
{
    public static string Write(
        SipText request, int code, string reason, string tag = "", string extra = "", string body = "")
    {
        var vias = string.Concat(request.Headers("Via").Select(via => $"Via: {via}\r\n"));
        var routes = string.Concat(request.Headers("Record-Route").Select(route => $"Record-Route: {route}\r\n"));
        var to = request.Header("To");
        if (tag.Length > 0 && !to.Contains(";tag=", StringComparison.Ordinal)) to += $";tag={tag}";
        var type = body.Length > 0 ? "Content-Type: application/sdp\r\n" : "";
        return $"SIP/2.0 {code} {reason}\r\n{vias}{routes}From: {request.Header("From")}\r\nTo: {to}\r\n" +
            $"Call-ID: {request.CallId}\r\nCSeq: {request.Header("CSeq")}\r\n{extra}{type}" +
            $"Content-Length: {body.Length}\r\n\r\n{body}";
    }
}
