using System.Text.Json;

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>Reads server-sent events from one open answer. Owned by a test; disposing closes the connection.</summary>
internal sealed class EventReader : IDisposable
{
    private const int WaitMsMax = 20_000;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    public static async Task<EventReader> OpenAsync(HttpResponseMessage response) =>
        new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));

    /// <summary>The next event; null when the server has ended the stream.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        using var limit = new CancellationTokenSource(WaitMsMax);
        var (id, name, data) = ("", "", "");
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data.Length > 0)
            {
                return new ServerEvent(id, name, JsonDocument.Parse(data).RootElement);
            }
        }
        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
