using CallTracker.Backends.Tests.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>Calls that are up and asked for are in ClickHouse before they end.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class RunningCallTests(ClickHouseFixture servers)
{
    private static int _number = 7_000_000;

    private static TraceRequestRecord Order { get; } = new()
    {
        TraceId = "1",
        OperatorId = "op1",
        DinId = "0120123456",
        CreatedMs = 1,
        ExpiresMs = new FakeClock().UnixMs + 3_600_000,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_AskedForBeforeOrWhileItIsUp_IsKeptAsItGoesAndEachMessageOnce(bool isBefore)
    {
        await using var bench = new TraceBench(servers.Client());
        bench.Shipper.Start();
        if (isBefore) bench.Requests = [Order];
        var call = Begin(bench);
        bench.Turn();
        if (!isBefore)
        {
            bench.Clock.Advance(60_000);
            bench.Turn();
            bench.Shipper.QueuedBytes.ShouldBe(0);
            bench.Requests = [Order];
            bench.Turn();
        }
        await ShippedAsync(bench, 2);
        (await RowsAsync(call)).ShouldBe(["INVITE\t0\trequested", "INVITE\t0\trequested"]);

        bench.Message((ulong)call * 10, "SIP/2.0 180 Ringing\r\n\r\n", isSent: true);
        bench.Turn();
        bench.Clock.Advance(bench.Settings.RunningMs);
        bench.Turn();
        await ShippedAsync(bench, 3);
        bench.Message((ulong)call * 10, "BYE sip:x SIP/2.0\r\n\r\n");
        bench.End(call, CallOutcome.Answered);
        // An order that is gone by the end does not cut the ladder off.
        bench.Requests = [];
        bench.Settle();
        await ShippedAsync(bench, 4);
        (await RowsAsync(call)).ShouldBe(
            ["INVITE\t0\trequested", "INVITE\t0\trequested", "\t180\trequested", "BYE\t0\trequested"]);
        bench.Clock.Advance(bench.Settings.LingerMs);
        bench.Turn();
        (bench.WaitingCount, bench.Conversations.Count, bench.Counters.Missing).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData("0120000000", "op1")]
    [InlineData("0120123456", "op2")]
    public async Task Call_OfAnotherNumberOrOperator_IsNotKeptWhileItIsUp(string dinId, string operatorId)
    {
        await using var bench = new TraceBench(servers.Client())
        {
            Requests = [Order with { DinId = dinId, OperatorId = operatorId }],
        };
        Begin(bench);
        bench.Turn();
        bench.Clock.Advance(bench.Settings.RunningMs);
        bench.Turn();
        bench.Shipper.QueuedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Calls_BeyondTheBound_AreKeptWhenTheyEnd()
    {
        var settings = TraceBench.DefaultSettings with { RunningMax = 1 };
        await using var bench = new TraceBench(servers.Client(), settings) { Requests = [Order] };
        bench.Shipper.Start();
        var first = Begin(bench);
        var second = Begin(bench);
        bench.Turn();
        await ShippedAsync(bench, 2);
        ((await RowsAsync(first)).Length, (await RowsAsync(second)).Length).ShouldBe((2, 0));
        bench.End(second, CallOutcome.Answered);
        bench.Settle();
        await ShippedAsync(bench, 4);
        (await RowsAsync(second)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Call_WithTooManyMessages_IsCutAtTheBoundOverAllLooks()
    {
        var settings = TraceBench.DefaultSettings with { MessagesPerCallMax = 3 };
        await using var bench = new TraceBench(servers.Client(), settings) { Requests = [Order] };
        bench.Shipper.Start();
        var call = Begin(bench);
        bench.Turn();
        for (var i = 0; i < 4; i++) bench.Message((ulong)call * 10, "INFO sip:x SIP/2.0\r\n\r\n");
        bench.Turn();
        bench.Clock.Advance(bench.Settings.RunningMs);
        bench.Turn();
        await ShippedAsync(bench, 3);
        bench.Counters.Missing.ShouldBe(3);
    }

    private static int Begin(TraceBench bench)
    {
        var call = Interlocked.Increment(ref _number);
        var dialog = (ulong)call * 10;
        bench.Message(dialog, $"INVITE sip:0120123456@x SIP/2.0\r\nCall-ID: a{call}\r\n\r\n");
        bench.Dialog(dialog, call, 0);
        bench.Dialog(dialog + 1, call, 1);
        bench.Start(call);
        bench.Message(dialog + 1, $"INVITE sip:0312345678@y SIP/2.0\r\nCall-ID: b{call}\r\n\r\n", isSent: true);
        return call;
    }

    private static Task ShippedAsync(TraceBench bench, long count) =>
        Eventually.IsTrue(() => bench.Counters.Shipped == count, $"{count} rows: {bench.Log}");

    private async Task<string[]> RowsAsync(int call) => (await servers.ClickHouse.Query(
        "SELECT method, status, cause FROM calltracker.sip_messages "
        + $"WHERE trn_id = '{TestCalls.IdOf(call)}' ORDER BY sequence"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
