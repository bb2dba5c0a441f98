using System.Net;
using CallTracker.Contracts.Metrics;
using CallTracker.Node.Hosting;
using CallTracker.Node.Metrics;
using CallTracker.Node.Options;

NodeOptions options;
try
{
    options = NodeOptions.FromEnvironment();
}
catch (OptionException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls($"http://{new IPEndPoint(options.Bind, options.HttpPort)}");
builder.Logging.ClearProviders().AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    console.UseUtcTimestamp = true;
});
builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
await using var app = builder.Build();
using var metrics = new PrometheusText(new PrometheusOptions { SeriesPerInstrumentMax = TrunkMetrics.SeriesMax });
using var runtime = new RuntimeMetrics();
using var signals = new NodeSignals();
var node = new NodeHost(options, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("CallTracker.Node"));
try
{
    await node.StartAsync();
    NodeEndpoints.Map(app, node, metrics, signals.Ask);
    await app.StartAsync();
    await Task.WhenAny(signals.Asked, node.Failure);
    await node.DrainAsync(signals.Hurry);
}
catch (Exception exception) when (exception is OptionException or IOException)
{
    await Console.Error.WriteLineAsync($"The node cannot start: {exception.Message}");
    return 1;
}
finally
{
    await node.DisposeAsync();
    await app.StopAsync();
}
return node.HasFailed ? 1 : 0;
