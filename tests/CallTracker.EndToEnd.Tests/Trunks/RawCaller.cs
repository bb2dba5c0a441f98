using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Trunks;

/// <summary>
/// Sends INVITEs all at once from an address of its own, which SIPp would spread in time. Owned by one test.
/// </summary>
internal sealed class RawCaller(string address, int sipPort) : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Parse(address), 0));
    private readonly Dictionary<string, string> _finals = new(StringComparer.Ordinal);

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Calls as often as wanted; the final responses.</summary>
    public async Task<IReadOnlyCollection<string>> CallAsync(string dinId, int count, string formats = "8 101")
    {
        var serial = Guid.NewGuid().ToString("N");
        for (var i = 0; i < count; i++)
        {
            var invite = Encoding.ASCII.GetBytes(Invite(dinId, $"{serial}-{i}", formats));
            await _socket.SendAsync(invite, "127.0.0.1", sipPort);
        }
        await Wait.UntilAsync("final responses", 8_000, async () =>
        {
            while (_socket.Available > 0) await TakeAsync();
            return _finals.Count == count;
        });
        return _finals.Values;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task TakeAsync()
    {
        var text = Encoding.ASCII.GetString((await _socket.ReceiveAsync()).Buffer);
        if (!text.StartsWith("SIP/2.0 ", StringComparison.Ordinal) || text[8] == '1') return;
        var callId = text.Split("\r\n").First(l => l.StartsWith("Call-ID:", StringComparison.OrdinalIgnoreCase));
        _finals.TryAdd(callId, text);
    }

    private string Invite(string dinId, string serial, string formats)
    {
        var sdp = $"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
            + $"m=audio 40000 RTP/AVP {formats}\r\na=rtpmap:101 telephone-event/8000\r\n";
        return $"INVITE sip:{dinId}@127.0.0.1:{sipPort} SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP {address}:{Port};branch=z9hG4bK{serial};rport\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{Line.NewCaller()}@{address}>;tag={serial}\r\nTo: <sip:{dinId}@127.0.0.1>\r\n"
            + $"Call-ID: {serial}@raw\r\nCSeq: 1 INVITE\r\nContact: <sip:raw@{address}:{Port}>\r\n"
            + $"Content-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n{sdp}";
    }
}
