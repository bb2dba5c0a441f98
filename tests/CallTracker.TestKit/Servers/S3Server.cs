using System.Net;
using System.Net.Sockets;

namespace CallTracker.TestKit.Servers;

/// <summary>
/// An S3 server of another make (s3rver, by npm: ops/s3-store) with one bucket, in its own process on loopback with its
/// own folder. It checks the Content-MD5 and who asks, but computes no signature of version 4. Can be killed and
/// started again. Owned by one test.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "recordings";
    /// <summary>The only key that it knows, and its secret.</summary>
    public const string Key = "S3RVER";
    private const int StartMsMax = 20_000;
    private const int PollMs = 50;
    private readonly string _folder;
    private ServerProcess? _process;

    private S3Server(int port, string folder) => (Port, _folder) = (port, folder);

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The files that it keeps objects in.</summary>
    public string[] Objects => [.. Directory.GetFiles(_folder, "*_object", SearchOption.AllDirectories)];

    public static async Task<S3Server> StartAsync()
    {
        var server = new S3Server(FreePort(), Directory.CreateTempSubdirectory("calltracker-s3-").FullName);
        await server.RestartAsync();
        return server;
    }

    /// <summary>kill -9. The objects stay.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it again on the same port; returns when it answers.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        var script = Path.Combine(RepositoryPaths.Root, "ops/s3-store/node_modules/s3rver/bin/s3rver.js");
        if (!File.Exists(script)) throw new FileNotFoundException($"{script} is missing: run ops/lib/install test");
        _process = ServerProcess.Start("node",
        [
            script, "--directory", _folder, "--address", "127.0.0.1", "--port", $"{Port}", "--silent",
            "--configure-bucket", Bucket,
        ]);
        for (var waitedMs = 0; !await AnswersAsync(); waitedMs += PollMs)
        {
            if (waitedMs > StartMsMax) throw new TimeoutException("s3rver does not answer");
            await Task.Delay(PollMs);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
