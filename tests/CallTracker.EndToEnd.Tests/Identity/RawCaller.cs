using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Identity;

/// <summary>
/// A caller that writes its own bytes, where a scenario would be too well-behaved. Owned by one test.
/// </summary>
internal sealed class RawCaller : IDisposable
{
    private const int LimitMs = 8_000;
    private static int CallCount;
    private readonly UdpClient _socket;
    private readonly IPEndPoint _node;
    private readonly string _id;
    private readonly string _number;

    public RawCaller(Product product, string number, string address = "127.0.0.1")
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
        _node = new IPEndPoint(IPAddress.Loopback, product.SipPort);
        _id = "raw" + Interlocked.Increment(ref CallCount).ToString(CultureInfo.InvariantCulture);
        _number = number;
    }

    private IPEndPoint Own => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public string CallId => _id + "@raw";

    /// <summary>The INVITE with these headers more, and with the caller's From, or an SDP.</summary>
    public string Invite(string headers = "", string? from = null, string? sdp = null)
    {
        sdp ??= $"v=0\r\no=- 1 1 IN IP4 {Own.Address}\r\ns=-\r\nc=IN IP4 {Own.Address}\r\nt=0 0\r\n"
            + $"m=audio {Own.Port} RTP/AVP 8\r\n";
        return Head("INVITE", 1, "inv", from ?? $"<sip:{Line.NewCaller()}@{Own.Address}>", "")
            + $"Contact: <sip:raw@{Own}>\r\n{headers}"
            + $"Content-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n{sdp}";
    }

    /// <summary>The CANCEL of the INVITE, by whoever sends it.</summary>
    public string Cancel(string invite) => Regex.Replace(
        Request(invite, "CANCEL", "", 1, "inv"), "Via: [^\r]*", Regex.Match(invite, "Via: [^\r]*").Value);

    /// <summary>A request in the dialog of a 2xx.</summary>
    public string InDialog(string invite, string answer, string method, int cseq, string branch) =>
        Request(invite, method, Header(answer, "To"), cseq, branch);

    public void Send(string message, IPEndPoint? to = null) =>
        _socket.Send(Encoding.Latin1.GetBytes(message), to ?? _node);

    /// <summary>The next message whose start line matches; others are passed over.</summary>
    public async Task<string> ReceiveAsync(string pattern)
    {
        using var limit = new CancellationTokenSource(LimitMs);
        var seen = new StringBuilder();
        try
        {
            while (true)
            {
                var message = Encoding.Latin1.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer);
                if (Regex.IsMatch(message, "^" + pattern)) return message;
                seen.Append(message[..message.IndexOf('\r', StringComparison.Ordinal)]).Append('\n');
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"no '{pattern}'; there came:\n{seen}", late);
        }
    }

    /// <summary>Calls, and talks when it is answered; the 200.</summary>
    public async Task<string> CallAsync(string invite)
    {
        Send(invite);
        var answer = await ReceiveAsync("SIP/2.0 [2-6]");
        answer.ShouldStartWith("SIP/2.0 200");
        Send(InDialog(invite, answer, "ACK", 1, "ack"));
        return answer;
    }

    /// <summary>Hangs up.</summary>
    public async Task HangUpAsync(string invite, string answer)
    {
        Send(InDialog(invite, answer, "BYE", 2, "bye"));
        (await ReceiveAsync("SIP/2.0 200")).ShouldContain("BYE");
    }

    public void Dispose() => _socket.Dispose();

    public static string Header(string message, string name) =>
        Regex.Match(message, $"(?im)^{name}: *([^\r]*)\r").Groups[1].Value;

    private string Request(string invite, string method, string to, int cseq, string branch) =>
        Head(method, cseq, branch, Regex.Replace(Header(invite, "From"), ";tag=.*", ""), to)
        + "Content-Length: 0\r\n\r\n";

    private string Head(string method, int cseq, string branch, string from, string to) =>
        $"{method} sip:{_number}@{_node} SIP/2.0\r\nVia: SIP/2.0/UDP {Own};branch=z9hG4bK{_id}{branch};rport\r\n"
        + $"Max-Forwards: 70\r\nFrom: {from};tag={_id}\r\n"
        + $"To: {(to.Length > 0 ? to : $"<sip:{_number}@{_node}>")}\r\nCall-ID: {CallId}\r\nCSeq: {cseq} {method}\r\n";
}
