using System.Text;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Messages as a carrier's session border controller sends them, with their usual ballast.</summary>
internal static class Messages
{
    public const string Sdp =
        "v=0\r\no=- 3890456789 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n" +
        "m=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n" +
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

    // The ten digits after "call" and "branch" are what Stamp changes.
    public static byte[] Invite() => Bytes(
        "INVITE sip:0120000001@127.0.0.1:5060;user=phone SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK-branch0000000000;rport\r\n" +
        "Max-Forwards: 70\r\nFrom: \"Caller\" <sip:0311112222@127.0.0.1;user=phone>;tag=f1\r\n" +
        "To: <sip:0120000001@127.0.0.1:5060;user=phone>\r\nCall-ID: call0000000000@127.0.0.1\r\nCSeq: 1 INVITE\r\n" +
        "Contact: <sip:caller@127.0.0.1:5071>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE\r\n" +
        "Supported: 100rel, timer\r\nSession-Expires: 300;refresher=uac\r\nMin-SE: 90\r\nPrivacy: none\r\n" +
        "P-Asserted-Identity: <sip:0311112222@127.0.0.1;user=phone>, <tel:0311112222>\r\nUser-Agent: carrier/1.0\r\n" +
        $"Content-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}");

    public static byte[] Ok() => Bytes(
        "SIP/2.0 200 OK\r\n" +
        "Via: SIP/2.0/UDP 127.0.0.1:5060;rport=5060;received=127.0.0.1;branch=z9hG4bK-branch0000000000\r\n" +
        "From: <sip:0311112222@127.0.0.1>;tag=f1\r\nTo: <sip:0312345678@127.0.0.1>;tag=s1\r\n" +
        "Call-ID: call0000000000@127.0.0.1\r\nCSeq: 1 INVITE\r\nContact: <sip:shop@127.0.0.1:5080>\r\n" +
        "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nSupported: timer\r\nServer: shop/1.0\r\n" +
        $"Content-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}");

    public static byte[] Bye() => Bytes(
        "BYE sip:127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK-branch0000000000;rport\r\n" +
        "Max-Forwards: 70\r\nFrom: \"Caller\" <sip:0311112222@127.0.0.1;user=phone>;tag=f1\r\n" +
        "To: <sip:0120000001@127.0.0.1:5060;user=phone>;tag=n1\r\nCall-ID: call0000000000@127.0.0.1\r\n" +
        "CSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n");

    /// <summary>Writes a number over the ten digits behind a mark, so that each round is another call.</summary>
    public static void Stamp(Span<byte> message, ReadOnlySpan<byte> mark, uint number)
    {
        var digits = message.Slice(message.IndexOf(mark) + mark.Length, 10);
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
