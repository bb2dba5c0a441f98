using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>
/// A carrier's registrar on a UDP port that follows a script and checks digests by itself. Owned by one test.
/// </summary>
internal sealed class ScriptedRegistrar(int port) : IDisposable
{
    private const int LimitMs = 10_000;
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, port));
    private IPEndPoint _from = new(IPAddress.Any, 0);

    /// <summary>The next REGISTER that is no repetition of the one before.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(LimitMs);
        while (true)
        {
            var datagram = await _socket.ReceiveAsync(limit.Token);
            var text = Encoding.ASCII.GetString(datagram.Buffer);
            _from = datagram.RemoteEndPoint;
            // The node asks whether we live, too.
            if (text.StartsWith("OPTIONS ", StringComparison.Ordinal)) await AnswerAsync(text, "200 OK");
            else if (Field(text, "CSeq") != LastCSeq)
            {
                LastCSeq = Field(text, "CSeq");
                return text;
            }
        }
    }

    public string LastCSeq { get; private set; } = "";

    public async Task AnswerAsync(string request, string status, string headers = "")
    {
        var via = Regex.Match(request, "(?m)^Via: .*\r\n").Value;
        var answer = $"SIP/2.0 {status}\r\n{via}From: {Field(request, "From")}\r\nTo: {Field(request, "To")};tag=r\r\n"
            + $"Call-ID: {Field(request, "Call-ID")}\r\nCSeq: {Field(request, "CSeq")}\r\n{headers}"
            + "Content-Length: 0\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(answer), _from);
    }

    public static string Field(string message, string name) =>
        Regex.Match(message, $"(?m)^{name}: (.*)\r").Groups[1].Value;

    /// <summary>True when the REGISTER proves the secret over the nonce.</summary>
    public static bool Proves(string request, string nonce, string secret)
    {
        var header = Field(request, "Authorization");
        string Part(string name) => Regex.Match(header, $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;
        var user = Md5($"{Part("username")}:{Part("realm")}:{secret}");
        var expected = Md5($"{user}:{nonce}:{Part("nc")}:{Part("cnonce")}:auth:{Md5("REGISTER:" + Part("uri"))}");
        return Part("nonce") == nonce && Part("response") == expected;
    }

    public void Dispose() => _socket.Dispose();

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
}
