using CallTracker.Backends.Tests.Support;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>
/// One file says what is shipped while calls flow, a checkpoint when they rest; nothing is sent twice.
/// </summary>
[Collection(ClickHouseFixture.Name)]
public sealed class SettlingTests(ClickHouseFixture servers)
{
    private const int Rounds = 3;

    [Fact]
    public async Task Ship_BatchAfterBatch_WritesNoCheckpointUntilItRests()
    {
        await using var bench = await ShipRoundsAsync();
        bench.Shipper.Counters.Batches.ShouldBeGreaterThanOrEqualTo(Rounds);
        bench.Shipper.Counters.Checkpoints.ShouldBe(0);
        File.Exists(Pending(bench)).ShouldBeTrue();
        await bench.Shipper.StopAsync(10_000);
        bench.Shipper.Counters.Checkpoints.ShouldBe(1);
        File.Exists(Pending(bench)).ShouldBeFalse();
        File.Exists(Checkpoint(bench)).ShouldBeTrue();
    }

    [Fact]
    public async Task Ship_UnderLoad_WritesACheckpointNowAndThen()
    {
        await using var bench = await ShipRoundsAsync(checkpointMs: 0);
        await Eventually.IsTrue(
            () => bench.Shipper.Counters.Checkpoints == bench.Shipper.Counters.Batches, "a checkpoint of each batch");
        File.Exists(Pending(bench)).ShouldBeTrue();
    }

    [Fact]
    public async Task Ship_WhenCallsRest_SettlesByItself()
    {
        await using var bench = await ShipRoundsAsync(restMs: 100);
        await Eventually.IsTrue(() => !File.Exists(Pending(bench)), "the file of the batch is gone");
        File.Exists(Checkpoint(bench)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_WithoutACheckpoint_SendsNothingAgain(bool isTorn)
    {
        await using var bench = await ShipRoundsAsync();
        var file = await File.ReadAllBytesAsync(Pending(bench), TestContext.Current.CancellationToken);
        await bench.DieAsync();
        // As a kill leaves it: without what the shipper's orderly end may have written. A write that was cut off has
        // the end of the batch before it.
        File.Delete(Checkpoint(bench));
        if (isTorn) file.AsSpan(0, file.Length / 2).Fill(0x55);
        await File.WriteAllBytesAsync(Pending(bench), file, TestContext.Current.CancellationToken);
        var inserts = bench.Faults.Inserts;
        await bench.StartAsync();
        await Eventually.IsTrue(() => bench.Shipper.Counters.Present > 0, "rows were looked for");
        bench.WriteCalls(5);
        await bench.AllArriveAsync();
        var count = await bench.CountAsync();
        (count.Rows, count.Calls, count.Numbers).ShouldBe((bench.Written, bench.Written, bench.Written));
        bench.Faults.Inserts.ShouldBe(inserts + 1);
        File.Exists(Pending(bench) + ".bad").ShouldBe(isTorn);
    }

    private static string Pending(ShippingBench bench) => Path.Combine(bench.Folder, "batch.pending");

    private static string Checkpoint(ShippingBench bench) => Path.Combine(bench.Folder, "checkpoint.json");

    private async Task<ShippingBench> ShipRoundsAsync(int restMs = 600_000, int checkpointMs = 600_000)
    {
        var bench = new ShippingBench(servers);
        bench.Options = bench.Options with { FlushMs = 20, RestMs = restMs, CheckpointMs = checkpointMs };
        await bench.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            // The last is shorter: the file keeps the end of a longer one.
            bench.WriteCalls(12 - (4 * round));
            await Eventually.IsTrue(() => bench.Shipper.Counters.Rows == bench.Written, "the rows are counted");
        }
        return bench;
    }
}
