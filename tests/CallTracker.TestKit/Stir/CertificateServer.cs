using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.TestKit.Stir;

/// <summary>
/// A web server on loopback that gives what it was told for each path, and counts who asked. One answer a connection.
/// Owned by one test.
/// </summary>
public sealed class CertificateServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public CertificateServer()
    {
        _listener.Start();
        _loop = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

    public int Asked(string path) => _asked.GetValueOrDefault("/" + path);

    /// <summary>Answers 200 with this text.</summary>
    public string Serve(string path, string body, string headers = "") =>
        ServeRaw(path, $"HTTP/1.1 200 OK\r\n{headers}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    /// <summary>Answers exactly this; an empty one is never answered.</summary>
    public string ServeRaw(string path, string answer)
    {
        _answers["/" + path] = answer;
        return Url(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _loop;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = AnswerAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(_stopping.Token))?.Split(' ') is [_, var found, _] ? found : "";
            while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 })
            {
            }
            _asked.AddOrUpdate(path, 1, static (_, count) => count + 1);
            var answer = _answers.GetValueOrDefault(path, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            if (answer.Length == 0) await Task.Delay(Timeout.Infinite, _stopping.Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The one who asked has gone, or the test is over.
        }
    }
}
