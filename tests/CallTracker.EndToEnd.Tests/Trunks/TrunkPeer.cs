using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Trunks;

/// <summary>
/// A carrier's gateway by script, on a UDP port of its own: answers OPTIONS, refuses or only rings INVITEs, or is as
/// silent as a machine that hangs. Owned by one test.
/// </summary>
internal sealed class TrunkPeer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _invites = new(StringComparer.Ordinal);
    private readonly Task _loop;
    private volatile bool _isSilent;

    public TrunkPeer() => _loop = RunAsync();

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>The final status of each INVITE; 180 rings for ever.</summary>
    public int Code { get; init; } = 486;

    /// <summary>Answers nothing.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>Calls it was sent, repetitions not counted.</summary>
    public int CallCount
    {
        get
        {
            lock (_invites) return _invites.Count;
        }
    }

    /// <summary>OPTIONS it was sent.</summary>
    public int ProbeCount { get; private set; }

    public string FirstInvite
    {
        get
        {
            lock (_invites) return _invites.Values.First();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            try
            {
                var datagram = await _socket.ReceiveAsync(_stop.Token);
                var answer = Answer(Encoding.Latin1.GetString(datagram.Buffer));
                if (answer.Length > 0 && !IsSilent)
                    await _socket.SendAsync(Encoding.Latin1.GetBytes(answer), datagram.RemoteEndPoint, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private string Answer(string request)
    {
        if (request.StartsWith("OPTIONS ", StringComparison.Ordinal))
        {
            ProbeCount++;
            return Response(request, 200);
        }
        if (!request.StartsWith("INVITE ", StringComparison.Ordinal))
            return request.StartsWith("ACK ", StringComparison.Ordinal) ? "" : Response(request, 200);
        lock (_invites) _invites.TryAdd(Header(request, "Call-ID"), request);
        return Response(request, Code);
    }

    private static string Response(string request, int code) =>
        $"SIP/2.0 {code} Scripted\r\nVia: {Header(request, "Via")}\r\nFrom: {Header(request, "From")}\r\n"
        + $"To: {Header(request, "To")};tag=peer\r\nCall-ID: {Header(request, "Call-ID")}\r\n"
        + $"CSeq: {Header(request, "CSeq")}\r\nContent-Length: 0\r\n\r\n";

    private static string Header(string message, string name) => message.Split("\r\n")
        .First(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();
}
