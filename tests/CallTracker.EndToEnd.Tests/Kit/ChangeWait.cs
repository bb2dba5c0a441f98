using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>
/// Waits for provisioning to reach the node: the last change by Redis, until the node's metrics name it as applied.
/// </summary>
internal sealed class ChangeWait(ProductHttp http, int redisPort)
{
    private const string Gauge = "calltracker_route_change_sequence ";
    // A change takes milliseconds; a machine that runs many tests at once takes its time.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task SeenAsync()
    {
        var wanted = await LastChangeAsync();
        var watch = Stopwatch.StartNew();
        while (await AppliedAsync() < wanted)
        {
            if (watch.Elapsed > Limit) throw new InvalidOperationException($"The node has not seen change {wanted}.");
            await Task.Delay(10);
        }
    }

    private async Task<long> AppliedAsync()
    {
        var page = await http.NodePageAsync("/metrics");
        var line = page.Split('\n').First(text => text.StartsWith(Gauge, StringComparison.Ordinal));
        return (long)double.Parse(line[Gauge.Length..], CultureInfo.InvariantCulture);
    }

    // The answer to GET is "$" length CRLF digits CRLF.
    private async Task<long> LastChangeAsync()
    {
        using var client = new TcpClient("127.0.0.1", redisPort);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET ct:changes:seq\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await reader.ReadLineAsync();
        return long.Parse(await reader.ReadLineAsync() ?? "0", CultureInfo.InvariantCulture);
    }
}
