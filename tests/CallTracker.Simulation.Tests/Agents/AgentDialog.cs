using System.Globalization;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>One dialog as an agent keeps it, and the writer of its messages. Owned by a <see cref="Party"/>.</summary>
internal sealed class AgentDialog
{
    public required string CallId { get; init; }

    public required string LocalTag { get; init; }

    public string RemoteTag { get; set; } = "";

    /// <summary>Our address in brackets, without tag.</summary>
    public required string LocalAddress { get; init; }

    public required string RemoteAddress { get; init; }

    /// <summary>Where requests are addressed.</summary>
    public required string RemoteTarget { get; set; }

    /// <summary>The agent's host and port.</summary>
    public required string Host { get; init; }

    public int LocalCSeq { get; set; }

    /// <summary>What the agent says of itself in INVITE and in its answers to one: Allow and Supported.</summary>
    public string Abilities { get; init; } = "";

    /// <summary>A request with the next CSeq number, or with a given one (ACK and CANCEL).</summary>
    public string Request(string method, string branch, string extra = "", string body = "", int cseq = 0)
    {
        if (cseq == 0) cseq = ++LocalCSeq;
        var toTag = RemoteTag.Length == 0 ? "" : ";tag=" + RemoteTag;
        return $"{method} {RemoteTarget} SIP/2.0\r\nVia: SIP/2.0/UDP {Host};branch={branch};rport\r\n" +
            $"Max-Forwards: 70\r\nFrom: {LocalAddress};tag={LocalTag}\r\nTo: {RemoteAddress}{toTag}\r\n" +
            $"Call-ID: {CallId}\r\nCSeq: {cseq.ToString(CultureInfo.InvariantCulture)} {method}\r\n" +
            $"Contact: <sip:agent@{Host}>\r\n{AbilitiesIn(method)}{extra}{Content(body, method)}";
    }

    /// <summary>A response to a request that came in.</summary>
    public string Response(SimMessage request, int code, string body = "", string extra = "")
    {
        var vias = string.Concat(request.Headers("Via").Select(v => $"Via: {v}\r\n"));
        var to = request.Header("To");
        if (request.ToTag.Length == 0 && code > 100) to += ";tag=" + LocalTag;
        return $"SIP/2.0 {code} Reason\r\n{vias}From: {request.Header("From")}\r\nTo: {to}\r\n" +
            $"Call-ID: {request.CallId}\r\nCSeq: {request.Header("CSeq")}\r\nContact: <sip:agent@{Host}>\r\n" +
            (code is > 100 and < 300 ? AbilitiesIn(request.Method) : "") + extra + Content(body, "INVITE");
    }

    private string AbilitiesIn(string method) => method is "INVITE" or "UPDATE" ? Abilities : "";

    /// <summary>
    /// The CANCEL of our INVITE, or the ACK to its refusal: same branch, URI and CSeq number (RFC 3261 sections 9.1
    /// and 17.1.1.3).
    /// </summary>
    public static string SameTransaction(SimMessage invite, string method, string to)
    {
        var uri = invite.StartLine.Split(' ')[1];
        return $"{method} {uri} SIP/2.0\r\nVia: {invite.Header("Via")}\r\nMax-Forwards: 70\r\n" +
            $"From: {invite.Header("From")}\r\nTo: {to}\r\nCall-ID: {invite.CallId}\r\n" +
            $"CSeq: {invite.CSeq.ToString(CultureInfo.InvariantCulture)} {method}\r\nContent-Length: 0\r\n\r\n";
    }

    private static string Content(string body, string method)
    {
        var type = body.Length == 0 ? "" : method == "INFO" ? "Content-Type: application/dtmf-relay\r\n"
            : "Content-Type: application/sdp\r\n";
        return $"{type}Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
    }
}
