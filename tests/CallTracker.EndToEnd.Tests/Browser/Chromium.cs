using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>
/// A real Chromium without a screen, whose microphone is a sound file: one page, driven by the DevTools protocol. Owned
/// by one test.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _listening = new();
    private int _serial;

    private Chromium(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it with a page of this machine, as only such may use the microphone without TLS.</summary>
    public static async Task<Chromium> StartAsync(Product product, string url, string soundFile)
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
            "--disable-dev-shm-usage", "--user-data-dir=" + product.NewFolder(),
            "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            "--use-file-for-fake-audio-capture=" + soundFile, "--allow-loopback-in-peer-connection",
            "--autoplay-policy=no-user-gesture-required", "about:blank",
        ];
        var browser = new Chromium(Command.Start("chromium", arguments, new Dictionary<string, string>()));
        try
        {
            await browser.ConnectAsync(url);
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
        return browser;
    }

    /// <summary>Runs JavaScript in the page and waits for what it comes to.</summary>
    public async Task<JsonElement> RunAsync(string script)
    {
        var answer = await AskAsync("Runtime.evaluate", new
        {
            expression = "(async () => { " + script + " })()",
            awaitPromise = true,
            returnByValue = true,
        });
        if (answer.TryGetProperty("exceptionDetails", out var error))
            throw new InvalidOperationException(error.GetRawText());
        var result = answer.GetProperty("result");
        return result.TryGetProperty("value", out var value) ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ConnectAsync(string url)
    {
        var address = await _listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        using var http = new HttpClient();
        var page = await http.PutAsync(
            $"http://{address}/json/new?{Uri.EscapeDataString(url)}", content: null);
        var target = await page.Content.ReadFromJsonAsync<JsonElement>();
        await _socket.ConnectAsync(new Uri(target.GetProperty("webSocketDebuggerUrl").GetString()!), default);
        await Wait.UntilAsync("the page", 20_000, async () =>
            (await RunAsync("return location.href + document.readyState")).GetString()!.StartsWith(url,
                StringComparison.Ordinal));
    }

    private async Task<JsonElement> AskAsync(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var id = ++_serial;
        var question = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters });
        await _socket.SendAsync(question, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        while (true)
        {
            using var message = JsonDocument.Parse(await ReadAsync(limit.Token));
            var isOurs = message.RootElement.TryGetProperty("id", out var number) && number.GetInt32() == id;
            if (isOurs && message.RootElement.TryGetProperty("result", out var result)) return result.Clone();
            if (isOurs) throw new InvalidOperationException(message.RootElement.GetRawText());
        }
    }

    private async Task<byte[]> ReadAsync(CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), ct);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return whole.ToArray();
        }
    }

    private void Keep(string? line)
    {
        lock (_output) _output.AppendLine(line);
        var found = Regex.Match(line ?? "", "DevTools listening on ws://([^/]+)/");
        if (found.Success) _listening.TrySetResult(found.Groups[1].Value);
    }
}
