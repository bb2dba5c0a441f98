namespace CallTracker.Calls.Tests.Kit;

/// <summary>Writes the messages of the caller's and the shop's side as a real peer would.</summary>
internal static class Peer
{
    public const string CallId = "c1@carrier";

    public static string Sdp(int port, string extra = "a=sendrecv\r\n") =>
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n" +
        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n" + extra;

    public static string Invite(
        string uri = "sip:0120000001@127.0.0.1:5060", string from = "<sip:0311112222@127.0.0.1>", string? body = "sdp",
        string headers = "", string callId = CallId, int maxForwards = 70, string branch = "z9hG4bKinv1")
    {
        var text = body == "sdp" ? Sdp(40000) : body ?? "";
        var type = text.Length == 0 ? "" : "Content-Type: application/sdp\r\n";
        return $"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch={branch};rport\r\n" +
            $"Max-Forwards: {maxForwards}\r\nFrom: {from};tag=f1\r\nTo: <{uri}>\r\nCall-ID: {callId}\r\n" +
            $"CSeq: 1 INVITE\r\n" +
            $"Contact: <sip:caller@127.0.0.1:5071>\r\n{headers}{type}Content-Length: {text.Length}\r\n\r\n{text}";
    }

    public static string Cancel(string branch = "z9hG4bKinv1", string callId = CallId) =>
        $"CANCEL sip:0120000001@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch={branch};rport\r\n" +
        $"Max-Forwards: 70\r\nFrom: <sip:0311112222@127.0.0.1>;tag=f1\r\nTo: <sip:0120000001@127.0.0.1:5060>\r\n" +
        $"Call-ID: {callId}\r\nCSeq: 1 CANCEL\r\nContent-Length: 0\r\n\r\n";

    /// <summary>
    /// A request of the caller's inside the dialog that <paramref name="answer"/> (a 2xx or 18x to it) made.
    /// </summary>
    public static string FromCaller(
        SentMessage answer, string method, int cseq, string branch, string body = "", string type = "application/sdp",
        string headers = "")
    {
        var content = body.Length == 0 ? "" : $"Content-Type: {type}\r\n";
        return $"{method} sip:127.0.0.1:5060 SIP/2.0\r\n" +
            $"Via: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK{branch};rport\r\n" +
            $"Max-Forwards: 70\r\nFrom: {answer.Header("From")}\r\nTo: {answer.Header("To")}\r\n" +
            $"Call-ID: {answer.Header("Call-ID")}\r\nCSeq: {cseq} {method}\r\n" +
            $"Contact: <sip:caller@127.0.0.1:5071>\r\n" +
            $"{headers}{content}Content-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>A request of the shop's inside the dialog of the INVITE it got.</summary>
    public static string FromShop(
        SentMessage invite, string method, int cseq, string branch, string body = "", string type = "application/sdp",
        string headers = "", string tag = "s1")
    {
        var content = body.Length == 0 ? "" : $"Content-Type: {type}\r\n";
        return $"{method} sip:127.0.0.1:5060 SIP/2.0\r\n" +
            $"Via: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK{branch};rport\r\n" +
            $"Max-Forwards: 70\r\nFrom: {invite.Header("To")};tag={tag}\r\nTo: {invite.Header("From")}\r\n" +
            $"Call-ID: {invite.Header("Call-ID")}\r\nCSeq: {cseq} {method}\r\nContact: <sip:shop@127.0.0.1:5080>\r\n" +
            $"{headers}{content}Content-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>A response to a request the engine sent.</summary>
    public static string Answer(
        SentMessage request, int code, string body = "", string tag = "s1", string contact = "sip:shop@127.0.0.1:5080",
        string headers = "")
    {
        var to = request.Header("To");
        if (tag.Length > 0 && !to.Contains(";tag=", StringComparison.Ordinal)) to += ";tag=" + tag;
        var content = body.Length == 0 ? "" : "Content-Type: application/sdp\r\n";
        var via = string.Concat(request.Headers("Via").Select(v => $"Via: {v}\r\n"));
        return $"SIP/2.0 {code} Reason\r\n{via}From: {request.Header("From")}\r\nTo: {to}\r\n" +
            $"Call-ID: {request.Header("Call-ID")}\r\nCSeq: {request.Header("CSeq")}\r\nContact: <{contact}>\r\n" +
            $"{headers}{content}Content-Length: {body.Length}\r\n\r\n{body}";
    }
}
