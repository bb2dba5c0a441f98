using System.Diagnostics;
using CallTracker.Backends.Shipping;
using CallTracker.Backends.Tests.Support;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>Every call once in ClickHouse, whatever dies and whenever; real ClickHouse, real Redis.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class CallRecordShipperTests(ClickHouseFixture servers)
{
    [Fact]
    public async Task Ship_InTheSteadyState_TakesSeconds()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        bench.WriteCalls(1);
        await bench.AllArriveAsync();
        var watch = Stopwatch.StartNew();
        bench.WriteCalls(20);
        await bench.AllArriveAsync();
        // Two seconds are the promise; a test machine that stands still for a moment gets some more.
        watch.ElapsedMilliseconds.ShouldBeLessThan(4000);
        TestContext.Current.SendDiagnosticMessage($"end of call to row: {watch.ElapsedMilliseconds} ms");
        (await bench.CountAsync()).ShouldBe((21, 21, 21, 1UL, 21UL));
        await Eventually.IsTrue(() => bench.Shipper.Counters.OldestEndMs == 0, "no lag is left");
        bench.Journals.BacklogBytes().ShouldBe(0);
    }

    [Fact]
    public async Task Ship_ManyCalls_NumbersThemInTheOrderOfTheirEnd()
    {
        await using var bench = new ShippingBench(servers);
        bench.Options = bench.Options with { BatchRowsMax = 100 };
        await bench.StartAsync();
        bench.WriteCalls(550);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((550, 550, 550, 1UL, 550UL));
        bench.Faults.Inserts.ShouldBeGreaterThanOrEqualTo(6);
        bench.Faults.Tokens.ShouldBeUnique();
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public async Task Ship_WhenInsertsBreak_RepeatsWithTheSameToken(int before, int after)
    {
        await using var bench = new ShippingBench(servers);
        (bench.Faults.BreakBefore, bench.Faults.BreakAfter) = (before, after);
        await bench.StartAsync();
        bench.WriteCalls(10);
        await Eventually.IsTrue(() => bench.Shipper.Counters.Rows == 10, "all rows are counted");
        (await bench.CountAsync()).ShouldBe((10, 10, 10, 1UL, 10UL));
        bench.Faults.Tokens.Count.ShouldBeGreaterThanOrEqualTo(3);
        bench.Faults.Tokens.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_AfterAnInsertOfUnknownFate_EndsWithEachRowOnce(bool hasArrived)
    {
        await using var bench = new ShippingBench(servers);
        (bench.Faults.BreakBefore, bench.Faults.BreakAfter) = hasArrived ? (0, 1000) : (1000, 0);
        await bench.StartAsync();
        bench.WriteCalls(10);
        await Eventually.IsTrue(() => bench.Faults.Inserts >= 1, "an insert was tried");
        await bench.DieAsync();
        File.Exists(Path.Combine(bench.Folder, "batch.pending")).ShouldBeTrue();
        (bench.Faults.BreakBefore, bench.Faults.BreakAfter) = (0, 0);
        await bench.StartAsync();
        bench.WriteCalls(5);
        await bench.AllArriveAsync();
        await Eventually.IsTrue(() => !File.Exists(Path.Combine(bench.Folder, "batch.pending")), "the batch is done");
        (await bench.CountAsync()).ShouldBe((15, 15, 15, 1UL, 15UL));
    }

    [Fact]
    public async Task Restart_BeforeABatchWasFixed_ShipsEveryCall()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync(ship: false);
        bench.WriteCalls(25);
        await bench.DieAsync();
        File.Exists(Path.Combine(bench.Folder, "batch.pending")).ShouldBeFalse();
        await bench.StartAsync(workers: 3);
        bench.WriteCalls(5);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((30, 30, 30, 1UL, 30UL));
    }

    [Fact]
    public async Task Restart_BetweenCheckpointAndDeletion_SendsNothingAgain()
    {
        await using var bench = new ShippingBench(servers);
        bench.Faults.BreakAfter = 1000;
        await bench.StartAsync();
        bench.WriteCalls(10);
        await Eventually.IsTrue(() => bench.Faults.Inserts >= 1, "an insert was tried");
        await bench.DieAsync();
        var pending = Path.Combine(bench.Folder, "batch.pending");
        var saved = await File.ReadAllBytesAsync(pending, TestContext.Current.CancellationToken);
        bench.Faults.BreakAfter = 0;
        await bench.StartAsync();
        await Eventually.IsTrue(() => !File.Exists(pending), "the batch is done");
        await bench.DieAsync();
        await File.WriteAllBytesAsync(pending, saved, TestContext.Current.CancellationToken);
        var inserts = bench.Faults.Inserts;
        await bench.StartAsync();
        await Eventually.IsTrue(() => !File.Exists(pending), "the old batch is deleted");
        bench.Faults.Inserts.ShouldBe(inserts);
        (await bench.CountAsync()).Rows.ShouldBe(10);
    }

    [Theory]
    [InlineData("batch.pending")]
    [InlineData("checkpoint.json")]
    public async Task Restart_WithADamagedFile_LooksForEachRowAndAddsNone(string name)
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        await Eventually.IsTrue(
            () => File.Exists(Path.Combine(bench.Folder, "checkpoint.json")), "the checkpoint is there");
        await bench.DieAsync();
        await File.WriteAllTextAsync(
            Path.Combine(bench.Folder, name), "{ broken", TestContext.Current.CancellationToken);
        await bench.StartAsync();
        bench.WriteCalls(3);
        await bench.AllArriveAsync();
        var count = await bench.CountAsync();
        (count.Rows, count.Calls, count.Numbers).ShouldBe((13, 13, 13));
        File.Exists(Path.Combine(bench.Folder, name + ".bad")).ShouldBeTrue();
    }

    [Fact]
    public async Task ClickHouse_KilledAndPausedUnderLoad_HasEachCallOnce()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        for (var round = 0; round < 6; round++)
        {
            bench.WriteCalls(40);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            if (round == 1) await servers.ClickHouse.KillAsync();
            if (round == 2) await servers.ClickHouse.RestartAsync();
            if (round == 3) ProcessSignal.Stop(servers.ClickHouse.Process.Id);
            if (round != 4) continue;
            await Task.Delay(2500, TestContext.Current.CancellationToken);
            ProcessSignal.Continue(servers.ClickHouse.Process.Id);
        }
        await bench.AllArriveAsync(60_000);
        await Eventually.IsTrue(() => bench.Shipper.Counters.Rows == bench.Written, "every row is checkpointed");
        (await bench.CountAsync()).ShouldBe((240, 240, 240, 1UL, 240UL));
        bench.Shipper.Counters.Retries.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Ship_RefusedForGood_SaysSoAndGoesOnWhenItIsMended()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        bench.WriteCalls(1);
        await bench.AllArriveAsync();
        await servers.ClickHouse.Query("ALTER TABLE calltracker.call_records RENAME COLUMN recovered TO r2");
        bench.WriteCalls(4);
        await Eventually.IsTrue(() => bench.Shipper.Counters.Refusals >= 2, "the refusal is repeated and counted");
        bench.Log.Has(BackendEvent.InsertRefused).ShouldBeTrue();
        await servers.ClickHouse.Query("ALTER TABLE calltracker.call_records RENAME COLUMN r2 TO recovered");
        await bench.AllArriveAsync();
        (await bench.CountAsync()).Rows.ShouldBe(5);
    }

    [Fact]
    public async Task Resend_AfterTheTokenMayBeForgotten_LooksForTheRowsFirst()
    {
        await using var bench = new ShippingBench(servers);
        bench.Options = bench.Options with { TokenTrustSec = 0 };
        bench.Faults.BreakAfter = 1;
        await bench.StartAsync();
        bench.WriteCalls(10);
        await Eventually.IsTrue(() => bench.Shipper.Counters.Rows == 10, "all rows are counted");
        bench.Shipper.Counters.Present.ShouldBe(10);
        bench.Faults.Inserts.ShouldBe(1);
        (await bench.CountAsync()).Rows.ShouldBe(10);
    }

    [Fact]
    public async Task Stop_WithCallsInTheJournal_ShipsThemFirst()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        bench.WriteCalls(30);
        await bench.Shipper.StopAsync(10_000);
        (await bench.CountAsync()).Rows.ShouldBe(30);
    }

    [Fact]
    public void Batch_EveryPrefixOfItsFile_IsRefused()
    {
        using var folder = new TempFolder();
        var header = new BatchHeader
        {
            BatchId = 1,
            Token = "t",
            Columns = "a",
            Positions = [],
            Sequences = new Dictionary<string, ulong>(),
            TrnIds = ["x", "y"],
            RowLengths = [2, 3],
            DinMsMin = 1,
            DinMsMax = 2,
            MayBePresent = false,
            BodyCrc = Backends.Journal.SegmentLayout.Crc([1, 2, 3, 4, 5]),
        };
        var batch = new Batch(header, new byte[] { 1, 2, 3, 4, 5 });
        using (var batchFile = new BatchFile(folder.Path)) batchFile.Write(batch);
        var file = File.ReadAllBytes(folder.Files("batch.pending")[0]);
        Batch.TryParse(file).ShouldNotBeNull().Header.TrnIds.ShouldBe(["x", "y"]);
        for (var cut = 0; cut < file.Length; cut++) Batch.TryParse(file.AsMemory(0, cut)).ShouldBeNull($"cut at {cut}");
        batch.Without(["x"]).ToArray().ShouldBe([3, 4, 5]);
        batch.Without(["y"]).ToArray().ShouldBe([1, 2]);
        batch.Without(["x", "y"]).Length.ShouldBe(0);
    }
}
