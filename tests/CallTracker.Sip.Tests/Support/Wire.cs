using System.Text;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Messages as readable text, and back. Lines end with LF in tests and with CRLF on the wire.</summary>
internal static class Wire
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Parses and expects success.</summary>
    public static SipMessage Parse(string text)
    {
        var message = new SipMessage();
        TryParse(message, Bytes(text)).ShouldBe(SipParseResult.Ok, text);
        return message;
    }

    /// <summary>Parses at an offset inside a larger array, as a receive ring would.</summary>
    public static SipParseResult TryParse(SipMessage message, ReadOnlySpan<byte> bytes)
    {
        const int Offset = 7;
        var buffer = new byte[Offset + bytes.Length + 5];
        buffer.AsSpan().Fill((byte)'#');
        bytes.CopyTo(buffer.AsSpan(Offset));
        return message.Parse(buffer, Offset, bytes.Length);
    }

    public static string Invite(string branch = "z9hG4bKa1", string cseq = "1 INVITE", string toTag = "") =>
        Request("INVITE", branch, cseq, toTag, "Contact: <sip:caller@192.0.2.1:5060>\n");

    public static string Request(
        string method, string branch = "z9hG4bKa1", string? cseq = null, string toTag = "", string extra = "") =>
        $"""
        {method} sip:0120000111@192.0.2.9 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch={branch}
        Max-Forwards: 70
        From: "Caller" <sip:0312345678@192.0.2.1>;tag=from1
        To: <sip:0120000111@192.0.2.9>{(toTag.Length > 0 ? ";tag=" + toTag : "")}
        Call-ID: call1@192.0.2.1
        CSeq: {cseq ?? "1 " + method}
        {extra}Content-Length: 0


        """;

    /// <summary>A response to a request that a layer sent.</summary>
    public static string Response(string request, int code, string toTag = "to1", string extra = "")
    {
        var message = Parse(request);
        var to = message.ToTag.IsEmpty && code > 100 ? $"{Text(message.To)};tag={toTag}" : Text(message.To);
        return $"""
            SIP/2.0 {code} Reason
            Via: {Text(message.Header(SipHeaderKind.Via))}
            From: {Text(message.From)}
            To: {to}
            Call-ID: {Text(message.CallId)}
            CSeq: {Text(message.Header(SipHeaderKind.CSeq))}
            {extra}Content-Length: 0


            """;
    }
}
