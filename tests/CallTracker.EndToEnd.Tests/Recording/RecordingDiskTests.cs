using System.Globalization;
using System.Net;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.TestKit;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>
/// The disk of the recordings fills during a call. The call does not notice; its record says what the recording lacks.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class RecordingDiskTests(Product product)
{
    private const int DiskMb = 2;
    // A second of both sides takes 16 KB, so the disk is full before half of the call is over.
    private const int RoomBytes = 80 * 1024;
    private const int TalkMs = 12_000;
    private const int WholeMs = 4000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Disk_FullDuringACall_ShowsOnItsRecordAndNowhereElse(int keptFreeMb)
    {
        using var disk = SmallDisk.TryMount(DiskMb);
        Assert.SkipWhen(disk is null, "mounting a small disk needs root");
        await product.RestartWithAsync(
            ("CALLTRACKER_RECORDINGS", disk.Path),
            ("CALLTRACKER_RECORDING_FREE_MB", keptFreeMb.ToString(CultureInfo.InvariantCulture)));
        try
        {
            var filler = Path.Combine(disk.Path, "filler");
            await File.WriteAllBytesAsync(filler, new byte[((DiskMb - keptFreeMb) << 20) - RoomBytes]);
            var trnId = await FillAsync();
            await HearsBeginningAsync(trnId);
            File.Delete(filler);

            await IsWholeAsync();
            await HearsBeginningAsync(trnId);
            await Wait.UntilAsync("the file that was cut off is filed", 10_000, () => Task.FromResult(
                Directory.GetFiles(disk.Path, trnId + ".ctr", SearchOption.AllDirectories).Length == 1));
            var (deleted, body) = await product.Http.SendAsync(HttpMethod.Delete, $"/v1/calls/{trnId}/recording");
            deleted.ShouldBe(HttpStatusCode.NoContent, body);
        }
        finally
        {
            await product.RestartWithAsync(("CALLTRACKER_RECORDINGS", null), ("CALLTRACKER_RECORDING_FREE_MB", null));
        }
    }

    // A call that the disk fills in; its id.
    private async Task<string> FillAsync()
    {
        await using var call = await RecordedCall.StartAsync(product, TalkMs);
        await call.SucceedAsync();
        var (byCaller, byCallee, missing) = call.Heard;
        missing.ShouldBe(0, "packets on the way through the node");
        byCaller.ShouldBeGreaterThan(TalkMs / 20 * 8 / 10);
        byCallee.ShouldBeGreaterThan(TalkMs / 20 * 8 / 10);
        var row = await call.Line.RowAsync();
        (row.DialStat, row.EndReason, row.HupUsr).ShouldBe(("normal", "bye", "caller"));
        row.TalkingSec.ShouldBeInRange(11, 14);

        var logged = await RecordedCall.LoggedAsync(product, call.Line, "partial");
        logged.GetProperty("recording_faults").GetString().ShouldBe("disk");
        logged.GetProperty("recording_sec").GetInt32().ShouldBeInRange(11, 14);
        foreach (var side in new[] { "in", "out" })
            logged.GetProperty($"recording_{side}_lost_ms").GetInt32().ShouldBeInRange(4000, 10_000, side);
        (await product.NodeMetricAsync("calltracker_recording_write_failures_total")).ShouldBeGreaterThan(3);
        (await product.NodeMetricAsync("calltracker_recordings_total{state=\"partial\"}")).ShouldBe(1);
        (await product.NodeMetricAsync("calltracker_recording_packets_dropped_total")).ShouldBe(0);
        return row.TrnId;
    }

    private async Task HearsBeginningAsync(string trnId)
    {
        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Sec.ShouldBeInRange(3, 14);
        Tones(wav, seconds: 2);
        // What could not be written is silence; of the last second, which is short, what there is may find room.
        wav.Left.Skip(8 * 8000).SkipLast(8000).ShouldAllBe(sample => sample == 0);
    }

    private async Task IsWholeAsync()
    {
        await using var call = await RecordedCall.StartAsync(product, WholeMs);
        await call.SucceedAsync();
        var logged = await RecordedCall.LoggedAsync(product, call.Line, "complete");
        logged.GetProperty("recording_faults").GetString().ShouldBe("");
        logged.GetProperty("recording_in_lost_ms").GetInt32().ShouldBe(0);
        logged.GetProperty("recording_out_lost_ms").GetInt32().ShouldBe(0);
        var trnId = logged.GetProperty("trn_id").GetString();
        var wav = new WavFile(await product.Http.BytesAsync($"/v1/calls/{trnId}/recording"));
        wav.Sec.ShouldBeInRange(3.8, 6);
        Tones(wav, seconds: 2);
    }

    // The parties begin to speak a moment after the answer.
    private static void Tones(WavFile wav, int seconds)
    {
        ToneCodec.Share([.. wav.Left.Skip(8000).Take(seconds * 8000)], RecordedCall.CallerHz).ShouldBeGreaterThan(0.9);
        ToneCodec.Share([.. wav.Right.Skip(8000).Take(seconds * 8000)], RecordedCall.CalleeHz).ShouldBeGreaterThan(0.9);
    }
}
