using CallTracker.Calls.Model;
using CallTracker.Contracts.ClickHouse;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>When the trace may rest.</summary>
public sealed class QuietTests
{
    [Fact]
    public async Task Collector_IsQuiet_WhenNothingIsSaidAndNothingWaits()
    {
        using var http = new HttpClient();
        // Nothing is sent: the shipper is not started.
        var client = new ClickHouseClient(http, new ClickHouseOptions { Address = new Uri("http://127.0.0.1:9/") });
        await using var bench = new TraceBench(client);
        bench.Turn();
        bench.IsQuiet.ShouldBeTrue();
        bench.Message(7, "OPTIONS sip:x SIP/2.0\r\n\r\n");
        bench.Turn();
        bench.IsQuiet.ShouldBeFalse();
        bench.Turn();
        bench.IsQuiet.ShouldBeTrue();
        bench.Call(1, CallOutcome.Busy);
        bench.Turn();
        bench.Turn();
        bench.IsQuiet.ShouldBeFalse("the call's last messages are waited for");
        bench.Clock.Advance(bench.Settings.LingerMs);
        bench.Turn();
        bench.Clock.Advance(bench.Settings.LingerMs);
        bench.Turn();
        bench.Turn();
        bench.IsQuiet.ShouldBeTrue();
    }
}
