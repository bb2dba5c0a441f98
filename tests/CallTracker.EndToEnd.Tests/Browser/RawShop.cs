using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>
/// A destination by hand, on a UDP port of its own: takes one call, with an answer that somebody else makes of the
/// offer. Owned by one test.
/// </summary>
internal sealed class RawShop : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _bye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, Task<string>> _answer;
    private readonly Task _loop;
    private string _ok = "";

    public RawShop(Func<string, Task<string>> answer) => (_answer, _loop) = (answer, Task.Run(RunAsync));

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Waits for the BYE that ends the call.</summary>
    public Task ByeAsync() => _bye.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync(_stopping.Token);
                var answer = await RespondAsync(Encoding.Latin1.GetString(datagram.Buffer));
                if (answer.Length > 0)
                    await _socket.SendAsync(Encoding.Latin1.GetBytes(answer), datagram.RemoteEndPoint, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<string> RespondAsync(string request)
    {
        if (request.StartsWith("ACK ", StringComparison.Ordinal)) return "";
        if (request.StartsWith("BYE ", StringComparison.Ordinal)) _bye.TrySetResult();
        if (!request.StartsWith("INVITE ", StringComparison.Ordinal)) return Response(request, "");
        if (_ok.Length == 0) _ok = Response(request, await _answer(request[(request.IndexOf("\r\n\r\n") + 4)..]));
        return _ok;
    }

    private string Response(string request, string sdp)
    {
        var lines = request.Split("\r\n");
        var copied = lines.Where(line => new[] { "Via:", "From:", "Call-ID:", "CSeq:" }
            .Any(name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        var to = lines.First(line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase));
        if (!to.Contains(";tag=", StringComparison.Ordinal)) to += ";tag=shop";
        var type = sdp.Length > 0 ? "Content-Type: application/sdp\r\n" : "";
        return $"SIP/2.0 200 OK\r\n{string.Join("\r\n", copied)}\r\n{to}\r\nContact: <sip:shop@127.0.0.1:{Port}>\r\n"
            + $"{type}Content-Length: {sdp.Length}\r\n\r\n{sdp}";
    }
}
